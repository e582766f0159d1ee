"""From journal rows to figures."""

from __future__ import annotations

from datetime import date

from tenants.kpi.services.monthly import list_months, read_brand
from tenants.kpi.services.recount import compare_with_facts
from tests.factories.figures import followed, observe, said

MARCH = date(2026, 3, 1)


def months():
    return {one.line.id: one.figures for one in list_months(read_brand(), MARCH)}


def test_a_message_counts_once_in_own_and_subtree(tree):
    row = said(tree.store)
    assert observe([followed(tree.store), row]) == {"kpi"}
    assert not observe([row])
    found = months()
    assert found[tree.store].own["interactions"] == 1
    assert found[tree.store].own["replies_robot"] == 1
    assert found[tree.store].own["followers_total"] == 1
    assert found[tree.hq].own["interactions"] == 0
    assert found[tree.hq].subtree["interactions"] == 1
    assert not compare_with_facts()
