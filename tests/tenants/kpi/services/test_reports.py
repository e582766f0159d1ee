"""What the pages of figures are made of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from saas.db import db
from tenants.accounts.services import access_account, move_account
from tenants.fans.ports import Adjustment
from tenants.kpi.services.adjusting import AdjustedFollowers
from tenants.kpi.services.daily import list_day_totals
from tenants.kpi.services.monthly import list_months, read_brand
from tenants.kpi.services.recount import compare_with_facts
from tenants.kpi.services.reports import days_report, month_report, shown_period
from tenants.kpi.services.silence import list_silent
from tenants.kpi.services.yearly import list_year
from tests.factories.figures import NOON, connect_node, followed, make_channel, observe, said
from tests.factories.queries import count_queries
from tests.tenants.kpi.conftest import Tree

MARCH = date(2026, 3, 1)


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "shown", "running"),
    [(noon(4, 2), MARCH, False), (noon(4, 4), date(2026, 4, 1), True)],
)
def test_in_its_first_days_a_month_gives_way_to_the_one_before(scope, now, shown, running):
    with time_machine.travel(now, tick=False):
        period = shown_period(None)
    assert (period.month, period.is_running) == (shown, running)


def test_a_running_month_is_compared_with_the_same_days(tree: Tree):
    observe([said(tree.store, moment=noon(3, day)) for day in (2, 3, 20)])
    observe([said(tree.store, moment=noon(4, 2))])
    with time_machine.travel(noon(4, 5), tick=False):
        report = month_report(tree.hq, shown_period(None), metric="interactions")
    (interactions,) = [one for one in report.key_figures if one.column.name == "interactions"]
    assert (interactions.value, interactions.before) == (1, 2)


def test_a_closed_month_is_compared_with_the_whole_one_before(tree: Tree):
    observe([said(tree.store, moment=noon(3, day)) for day in (2, 3, 20)])
    observe([said(tree.store, moment=noon(4, 2))])
    with time_machine.travel(noon(5, 5), tick=False):
        report = month_report(tree.hq, shown_period(date(2026, 4, 1)), metric="interactions")
    (interactions,) = [one for one in report.key_figures if one.column.name == "interactions"]
    assert (interactions.value, interactions.before) == (1, 3)


def test_the_year_adds_each_month_over_its_own_tree(tree: Tree):
    observe([said(tree.store, moment=noon(3, 2)), followed(tree.store, moment=noon(3, 2))])
    observe([said(tree.store, moment=noon(4, 2))])
    with time_machine.travel(noon(4, 10), tick=False):
        move_account(access_account(tree.store), parent_id=tree.hq)
        db.session.flush()
    forest = read_brand().forest
    interactions = dict(list_year("interactions", forest, top=tree.region, last=date(2026, 4, 1)))
    totals = dict(list_year("followers_total", forest, top=tree.hq, last=date(2026, 4, 1)))
    assert (interactions[MARCH], interactions[date(2026, 4, 1)]) == (1, None or interactions[date(2026, 4, 1)])
    assert interactions[date(2026, 4, 1)] == 0
    assert (totals[MARCH], totals[date(2026, 4, 1)]) == (1, 1)
    assert totals[date(2026, 2, 1)] is None


def test_days_add_up_to_the_month(tree: Tree):
    observe(
        [
            followed(tree.store, moment=noon(2, 25)),
            said(tree.store, moment=noon(3, 2)),
            said(tree.store, moment=noon(3, 9)),
        ]
    )
    days = list_day_totals({tree.store, tree.hq}, first=MARCH, last=date(2026, 3, 31))
    assert sum(one.figures["interactions"] or 0 for one in days) == 2
    assert {one.figures["followers_total"] for one in days} == {1}


def test_adjusted_followers_are_neither_new_nor_lost(tree: Tree):
    found = [Adjustment(account_id=tree.store, node_id=tree.store, alias=None, delta=n, at=NOON) for n in (1, 1, -1)]
    AdjustedFollowers().adjust(found)
    own = {one.line.id: one.figures.own for one in list_months(read_brand(), MARCH)}[tree.store]
    assert (own["followers_adjusted"], own["followers_total"], own["followers_new"]) == (1, 1, 0)
    assert compare_with_facts() == []


def test_an_account_is_counted_from_its_connection_on(tree: Tree):
    connect_node(tree.bare, since=noon(4, 10))
    by_month = [
        {one.line.id: one.figures for one in list_months(read_brand(), month)}[tree.bare].own["interactions"]
        for month in (MARCH, date(2026, 4, 1))
    ]
    assert by_month == [None, 0]


def test_silent_accounts_the_longest_first(tree: Tree):
    make_channel(tree.hq, tree.bare, "bare")
    observe(
        [said(tree.store, moment=noon(3, 9)), said(tree.hq, moment=noon(3, 2)), said(tree.region, moment=noon(3, 20))]
    )
    with time_machine.travel(noon(3, 21), tick=False):
        silent = [(one.line.id, one.since) for one in list_silent(tree.hq)]
    assert silent[-2:] == [(tree.hq, date(2026, 3, 2)), (tree.store, date(2026, 3, 9))]
    assert {node for node, since in silent[:-2] if since is None} == {tree.corner, tree.bare}


@pytest.mark.parametrize("days", [1, 20])
def test_a_page_takes_as_many_queries_for_many_as_for_few(tree: Tree, days):
    observe([said(tree.store, f"fan{n}", moment=NOON + timedelta(days=n)) for n in range(days)])
    with time_machine.travel(noon(4, 20), tick=False):
        with count_queries() as sent:
            month_report(tree.hq, shown_period(MARCH), metric="interactions")
        assert len(sent) == 4  # nodes, positions, two months, the year
        with count_queries() as sent:
            month_report(tree.hq, shown_period(None), metric="interactions")
        assert len(sent) == 5  # and the same days of the month before
        with count_queries() as sent:
            days_report(tree.hq, shown_period(MARCH))
        assert len(sent) == 4  # nodes, positions, days, the total before them
