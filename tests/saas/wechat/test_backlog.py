"""The alarm of a consumer that is behind."""

from __future__ import annotations

import threading

import pytest

from saas import cli
from saas.wechat import backlog, consume
from saas.wechat.backlog import BacklogWatch, measure
from tests.factories.backlog import late_callback


@pytest.fixture
def lanes(app):
    return app.extensions["consumer"].lanes


def alarms(capsys):
    return capsys.readouterr().out.count("consumer_behind")


@pytest.fixture
def hurried(monkeypatch):
    """Looks at once."""
    monkeypatch.setattr(backlog, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(backlog, "FAULT_SECONDS", 0.01)


def test_the_alarm_is_raised_once_a_minute_while_callbacks_wait(tenant, lanes, capsys):
    watch = BacklogWatch(lanes)
    with late_callback(tenant):
        assert measure(lanes) >= 300
        watch.look()
        assert alarms(capsys) == 1
        watch.look()
        assert alarms(capsys) == 0
        watch._alarm_due = 0.0
        watch.look()
        assert alarms(capsys) == 1


@pytest.mark.usefixtures("hurried")
def test_it_is_raised_beside_a_consumer_that_does_not_return(tenant, lanes, capsys, monkeypatch):
    stop, told = threading.Event(), threading.Event()
    monkeypatch.setattr(backlog.log, "error", lambda event, **_facts: event == "consumer_behind" and told.set())
    monkeypatch.setattr(consume, "keep_house", lambda _platform: None)
    monkeypatch.setattr(consume.Consumer, "run_once", lambda _consumer: told.wait(10) and stop.set())
    with late_callback(tenant):
        consume.run_forever(stop)
    assert told.is_set()


@pytest.mark.usefixtures("hurried")
def test_it_is_raised_by_the_scheduler_too(tenant, whole_app, capsys, monkeypatch):
    stop, told = threading.Event(), threading.Event()
    monkeypatch.setattr(backlog.log, "error", lambda event, **_facts: event == "consumer_behind" and told.set())
    monkeypatch.setattr(cli, "_stopper", lambda: stop)
    monkeypatch.setattr(cli.schedule, "run_forever", lambda stop: told.wait(10) and stop.set())
    with late_callback(tenant):
        whole_app.test_cli_runner().invoke(args=["schedule"])
    assert told.is_set()
    assert stop.is_set()


@pytest.mark.usefixtures("hurried")
def test_a_fault_of_the_database_is_outlived(lanes, monkeypatch):
    stop, asked = threading.Event(), []

    def measured(_lanes):
        asked.append(True)
        if len(asked) == 1:
            raise OSError
        stop.set()
        return 0.0

    monkeypatch.setattr(backlog, "measure", measured)
    BacklogWatch(lanes).start(stop)
    assert stop.wait(10)
