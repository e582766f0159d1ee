"""How long the consumer waits between two rounds."""

from __future__ import annotations

import threading

import pytest

from saas.wechat import consume


@pytest.mark.parametrize(
    ("done", "pause"), [(0, consume.PAUSE_SECONDS), (1, consume.GATHER_SECONDS), (consume.BATCH, 0.0)]
)
def test_few_rows_are_given_company_and_many_are_not_kept_waiting(done, pause, monkeypatch, consumer, app):
    stop, waits = threading.Event(), []
    rounds = iter([done])
    monkeypatch.setattr(consumer.__class__, "run_once", lambda _self: next(rounds))
    monkeypatch.setattr(stop, "wait", lambda seconds: waits.append(seconds) or stop.set())
    monkeypatch.setattr(consume, "_keep_house", lambda *_: None)
    monkeypatch.setattr(consume.BacklogWatch, "start", lambda *_: None)
    consume.run_forever(stop)
    assert waits == [pause]
