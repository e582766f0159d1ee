"""The alarm of a consumer that is behind."""

from __future__ import annotations

import pytest

from saas.wechat.backlog import BacklogWatch, measure
from tests.factories.backlog import late_callback


@pytest.fixture
def lanes(app):
    return app.extensions["consumer"].lanes


def alarms(capsys):
    return capsys.readouterr().out.count("consumer_behind")


def look(watch):
    watch._look_due = 0.0
    watch.look()


def test_the_alarm_is_raised_once_a_minute_while_callbacks_wait(tenant, lanes, capsys):
    watch = BacklogWatch(lanes)
    with late_callback(tenant):
        assert measure(lanes) >= 300
        look(watch)
        assert alarms(capsys) == 1
        look(watch)
        assert alarms(capsys) == 0
        watch._alarm_due = 0.0
        watch.look()
        assert alarms(capsys) == 0  # not yet time to look
        look(watch)
        assert alarms(capsys) == 1
