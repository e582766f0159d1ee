"""The figures for programs: every number where it belongs, and nothing of others."""

from __future__ import annotations

import pytest

from saas.auth.roles import Role
from saas.db import db, new_id
from tests.factories.figures import followed, observe, said
from tests.factories.people import make_member, make_tenant


@pytest.fixture
def ask(client, tenant):
    """Asks for figures as headquarters."""
    member = make_member(Role.BRAND_HQ, tenant=tenant)

    def get(path: str, **query: object):
        return client.get(f"/api/v1/tenants/{tenant.id}/kpi/{path}", query_string=query, headers=member.bearer)

    return get


@pytest.fixture
def busy(tree):
    """Two fans write to the store; one of them came by the corner's code."""
    observe([followed(tree.store, "a"), said(tree.store, "a"), said(tree.store, "a")])
    observe([followed(tree.store, "b", scene="corner"), said(tree.store, "b")])
    db.session.commit()
    return tree


def by_account(response):
    assert response.status_code == 200, response.text
    return {item["account_id"]: item for item in response.json["items"]}


def test_a_month_has_own_subtree_coverage_and_reasons(ask, busy):
    items = by_account(ask("monthly", month="2026-03"))
    assert list(items) == [str(one) for one in (busy.hq, busy.region, busy.corner, busy.bare, busy.store)]
    hq = items[str(busy.hq)]
    assert hq["month"] == "2026-03"
    assert hq["own"]["interactions"] == 0
    assert (hq["subtree"]["interactions"], hq["subtree"]["fans_interacting"]) == (3, 2)
    assert hq["coverage"]["interactions"] == [4, 5]
    assert hq["coverage"]["articles_published"] == [0, 5]
    assert hq["subtree"]["articles_published"] is None
    assert hq["missing"]["articles_published"]


def test_fans_of_a_code_count_for_its_node(ask, busy):
    items = by_account(ask("monthly", month="2026-03", account_id=busy.region))
    assert str(busy.hq) not in items
    assert items[str(busy.corner)]["own"]["followers_new"] == 1
    assert items[str(busy.store)]["own"]["interactions"] == 2


def test_what_nobody_can_count_is_null_with_a_reason(ask, busy):
    bare = by_account(ask("monthly", month="2026-03"))[str(busy.bare)]
    assert bare["own"]["interactions"] is None
    assert bare["subtree"]["interactions"] is None
    assert bare["coverage"]["interactions"] == [0, 1]
    assert bare["missing"]["interactions"]


def test_days_are_complete_and_followers_run_on(ask, busy):
    response = ask("daily", account_id=busy.store, **{"from": "2026-03-09", "to": "2026-03-11"})
    assert [item["date"] for item in response.json["items"]] == ["2026-03-09", "2026-03-10", "2026-03-11"]
    assert [item["interactions"] for item in response.json["items"]] == [0, 2, 0]
    assert [item["followers_total"] for item in response.json["items"]] == [0, 1, 1]


def test_pages_of_a_list(ask, busy):
    first = ask("monthly", month="2026-03", limit=3)
    rest = ask("monthly", month="2026-03", limit=3, cursor=first.json["next_cursor"])
    assert [len(first.json["items"]), len(rest.json["items"]), rest.json["next_cursor"]] == [3, 2, None]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("monthly", {"month": "2026-13"}),
        ("monthly", {"cursor": "x"}),
        ("daily", {"from": "2026-03-02", "to": "2026-03-01"}),
        ("daily", {"from": "2019-03-02", "to": "2026-03-01"}),
        ("daily", {"from": "soon"}),
        ("daily", {"to": "0001-01-01"}),
    ],
)
def test_what_makes_no_sense_is_refused(ask, busy, path, query):
    response = ask(path, **query)
    assert (response.status_code, response.content_type) == (422, "application/problem+json")


@pytest.mark.parametrize("path", ["daily", "monthly"])
def test_foreign_and_missing_accounts_look_alike(ask, busy, path):
    assert ask(path, account_id=new_id()).status_code == 404


@pytest.mark.parametrize("path", ["daily", "monthly"])
def test_another_brand_is_not_there(client, tree, tenant, path):
    stranger = make_member(Role.BRAND_HQ, tenant=make_tenant())
    response = client.get(f"/api/v1/tenants/{tenant.id}/kpi/{path}", headers=stranger.bearer)
    assert response.status_code == 404


@pytest.mark.parametrize("path", ["daily", "monthly"])
def test_agents_of_the_inbox_see_no_figures(client, tree, tenant, path):
    agent = make_member(Role.INBOX_AGENT, tenant=tenant)
    response = client.get(f"/api/v1/tenants/{tenant.id}/kpi/{path}", headers=agent.bearer)
    assert response.status_code == 403
