"""What is left, in words of both languages and in the brand's zone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask_babel import force_locale

from saas import clock
from saas.wechat.quota.acts import Trigger
from saas.wechat.quota.words import FanQuota, Part, moment_in_words

NOON = "2026-11-22T04:00:00+00:00"


@pytest.fixture
def at_noon(app, monkeypatch):
    """Noon in Shanghai."""
    moment = clock.datetime.fromisoformat(NOON)
    monkeypatch.setattr(clock, "now", lambda: moment)
    with app.test_request_context():
        yield moment


def said(quota, language="en"):
    with force_locale(language):
        return str(quota.sentence)


def test_nothing_is_told_with_its_reason(at_noon):
    assert said(FanQuota()) == "Nothing may be sent: the fan has not written in the last 48 hours."
    assert said(FanQuota(), "zh") == "现在不能发送：粉丝在最近 48 小时内没有发来消息。"
    used_up = FanQuota((Part(Trigger.MESSAGE, 0, at_noon + timedelta(hours=1)),))
    assert "used up" in said(used_up)
    assert "用完" in said(used_up, "zh")
    waiting = FanQuota((Part(Trigger.MESSAGE, 1, at_noon + timedelta(hours=1)),), waiting=1)
    assert (waiting.left, waiting.may_send) == (0, False)
    assert "wait" in said(waiting)


def test_numbers_are_told_with_their_end(at_noon):
    soon = Part(Trigger.FOLLOW, 3, at_noon + timedelta(hours=9, minutes=14))
    later = Part(Trigger.MESSAGE, 5, at_noon + timedelta(hours=47))
    assert said(FanQuota((soon,))) == "Messages left: 3 until 21:14."
    assert said(FanQuota((soon, later))) == "Messages left: 3 until 21:14 and 5 until 11-24 11:00."
    assert said(FanQuota((soon, later), waiting=4)) == "Messages left: 4 until 11-24 11:00."
    assert said(FanQuota((soon,)), "zh") == "还可以发送：21:14 前 3 条。"


def test_after_paying_any_number_may_go(at_noon):
    paid = Part(Trigger.PAYMENT, None, at_noon + timedelta(hours=48))
    quota = FanQuota((paid,), waiting=7)
    assert (quota.left, quota.until) == (None, paid.until)
    assert said(quota) == "Any number of messages until 11-24 12:00."


def test_a_moment_of_today_needs_no_day(at_noon):
    assert moment_in_words(at_noon + timedelta(hours=1)) == "13:00"
    assert moment_in_words(at_noon + timedelta(hours=13)) == "11-23 01:00"
