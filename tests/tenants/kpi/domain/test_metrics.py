"""The list of metrics is the contract's, and stands in one place."""

from __future__ import annotations

from tenants.kpi.domain.columns import ALL, CHARTED, USUAL, chosen
from tenants.kpi.domain.metrics import COUNTED, METRICS
from tenants.kpi.domain.rolling import STORED

CONTRACT = [
    "followers_new",
    "followers_lost",
    "followers_net",
    "followers_adjusted",
    "followers_total",
    "interactions",
    "fans_interacting",
    "replies_robot",
    "replies_human",
    "messages_unanswered",
    "handed_over",
    "complaints",
    "articles_published",
    "article_reads",
    "article_readers",
    "shares",
    "likes",
    "comments",
    "activity_entries",
    "activity_participants",
    "activity_winners",
    "activity_redeemed",
    "first_response_median_seconds",
]


def test_every_metric_of_the_contract_is_there():
    assert [metric.name for metric in METRICS] == CONTRACT


def test_what_is_counted_is_stored_or_derived():
    assert {metric.name for metric in COUNTED} == {*STORED, "followers_net"}


def test_the_others_say_why():
    assert all(metric.reason for metric in METRICS if metric not in COUNTED)


def test_derived_columns_need_something_to_divide_by():
    engagement = next(column for column in ALL if column.name == "engagement")
    assert engagement.value({"fans_interacting": 1, "followers_total": 4}) == 0.25
    assert engagement.value({"fans_interacting": 1, "followers_total": 0}) is None
    assert engagement.value({"fans_interacting": None, "followers_total": 4}) is None


def test_unknown_columns_give_the_usual_ones():
    assert {column.name for column in chosen(["nonsense"])} == set(USUAL)
    assert [column.name for column in chosen(["shares", "interactions"])] == ["interactions", "shares"]
    assert all(column.reason is None for column in CHARTED)
