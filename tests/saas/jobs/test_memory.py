"""The alarm of a Redis that fills."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from prometheus_client import REGISTRY
from redis import Redis

from saas.jobs import schedule
from saas.jobs.memory import MemoryWatch
from saas.stack.store import free_port


@pytest.fixture
def redis(app: Flask) -> Iterator[Redis]:
    """The stack's, without a limit again at the end."""
    redis: Redis = app.extensions["redis"]
    yield redis
    redis.config_set("maxmemory", 0)


def fill(redis: Redis, share: float) -> None:
    """Sets the limit so that what it holds is about that share of it."""
    redis.config_set("maxmemory", int(redis.info("memory")["used_memory"] / share))


def look(watch: MemoryWatch, capsys: pytest.CaptureFixture[str]) -> int:
    """A minute later; how many alarms were raised."""
    watch._look_due = 0.0
    watch.look()
    return capsys.readouterr().out.count("redis_fills")


def measured() -> float:
    return REGISTRY.get_sample_value("redis_memory_ratio") or 0.0


def test_the_alarm_is_raised_from_seven_tenths_on(redis: Redis, capsys: pytest.CaptureFixture[str]) -> None:
    watch = MemoryWatch(redis)
    for share, alarms in ((0.5, 0), (0.9, 1)):
        fill(redis, share)
        assert look(watch, capsys) == alarms
        assert measured() == pytest.approx(share, abs=0.1)


def test_the_alarm_is_raised_once_a_minute(redis: Redis, capsys: pytest.CaptureFixture[str]) -> None:
    watch = MemoryWatch(redis)
    fill(redis, 0.9)
    for _ in range(5):
        watch.look()
    assert capsys.readouterr().out.count("redis_fills") == 1
    assert look(watch, capsys) == 1


def test_without_a_limit_there_is_no_alarm(redis: Redis, capsys: pytest.CaptureFixture[str]) -> None:
    assert look(MemoryWatch(redis), capsys) == 0
    assert measured() == 0


def test_whoever_looks_does_without_redis(capsys: pytest.CaptureFixture[str]) -> None:
    for away in (Redis(port=free_port()), None):
        assert look(MemoryWatch(away), capsys) == 0


def test_a_scheduler_looks_before_it_sweeps(
    app: Flask, redis: Redis, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(redis, 0.9)
    stop = threading.Event()
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], sweep_seconds=0.01))
    monkeypatch.setattr(schedule, "sweep", stop.set)
    schedule.run_forever(stop)
    assert capsys.readouterr().out.count("redis_fills") == 1
