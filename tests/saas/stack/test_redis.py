"""The embedded Redis: real starts and stops."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
import redis

from saas.stack.redis import EmbeddedRedis


def test_it_keeps_its_data_from_start_to_start(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path / "redis") as first, redis.Redis.from_url(first.url()) as client:
        client.set("kept", "42")
    with EmbeddedRedis(tmp_path / "redis") as second, redis.Redis.from_url(second.url()) as client:
        assert client.get("kept") == b"42"


def test_it_writes_each_second_evicts_nothing_and_shows_no_password(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path / "redis") as server, redis.Redis.from_url(server.url()) as client:
        settings = client.config_get("*")
        command = " ".join(psutil.Process(server.entry.pid).cmdline())
    assert (settings["appendonly"], settings["appendfsync"], settings["maxmemory-policy"]) == (
        "yes",
        "everysec",
        "noeviction",
    )
    assert settings["requirepass"] not in command


def test_killed_and_started_again_it_has_the_same_address(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path / "redis") as server, redis.Redis.from_url(server.url()) as client:
        client.ping()
        psutil.Process(server.entry.pid).kill()
        server.start()
        assert client.ping()


def test_nobody_gets_in_without_the_password(tmp_path: Path) -> None:
    with (
        EmbeddedRedis(tmp_path / "redis") as server,
        redis.Redis(port=server.port) as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


def test_a_file_it_cannot_read_is_set_aside(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path / "redis"):
        pass
    next((tmp_path / "redis").rglob("*.aof")).write_bytes(b"no append-only file\r\n" * 10)
    with EmbeddedRedis(tmp_path / "redis") as server, redis.Redis.from_url(server.url()) as client:
        assert client.ping()
    assert (tmp_path / "redis.unreadable").is_dir()
