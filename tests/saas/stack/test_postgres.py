"""The embedded PostgreSQL: real starts and stops."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from saas.stack.errors import StackError
from saas.stack.postgres import EmbeddedPostgres


def test_it_keeps_its_data_from_start_to_start(base: Path) -> None:
    with EmbeddedPostgres(base, durable=False) as first, psycopg.connect(first.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with EmbeddedPostgres(base, durable=False) as second, psycopg.connect(second.url()) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_it_is_a_postgresql_18_that_knows_unicode_and_many_connections(base: Path) -> None:
    with EmbeddedPostgres(base) as postgres, psycopg.connect(postgres.url()) as connection:
        row = connection.execute(
            "SELECT current_setting('server_version_num')::int / 10000, lower('ÄÉ'), current_setting('fsync'),"
            " current_setting('max_connections')::int >= 100, current_setting('server_encoding')"
        ).fetchone()
    assert row == (18, "äé", "on", True, "UTF8")


def test_nobody_gets_in_without_the_password(base: Path) -> None:
    with EmbeddedPostgres(base, durable=False) as postgres:
        wrong = f"postgresql://postgres:wrong@127.0.0.1:{postgres.port}/postgres"
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)


def test_stop_leaves_no_process_and_no_pid_file(base: Path) -> None:
    with EmbeddedPostgres(base, durable=False) as postgres:
        members = postgres.entry.members()
        assert members
    assert not any(process.is_running() for process in members)
    assert not (base / "data" / "postmaster.pid").exists()


def test_a_server_left_by_a_killed_run_is_stopped_and_its_data_kept(base: Path) -> None:
    left = EmbeddedPostgres(base, durable=False)
    left.start()
    with psycopg.connect(left.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with EmbeddedPostgres(base, durable=False) as second, psycopg.connect(second.url()) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        assert not left.entry.members()
    left.stop()


def test_a_postmaster_killed_minus_nine_does_not_hinder_the_next_start(base: Path) -> None:
    killed = EmbeddedPostgres(base, durable=False)
    os.kill(killed.start().pid, signal.SIGKILL)
    assert (base / "data" / "postmaster.pid").exists()
    with EmbeddedPostgres(base, durable=False) as second, psycopg.connect(second.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    killed.stop()


def test_killed_and_started_again_it_has_the_same_address(base: Path) -> None:
    with EmbeddedPostgres(base, durable=False) as postgres:
        address = postgres.url()
        psutil.Process(postgres.entry.pid).kill()
        postgres.start()
        with psycopg.connect(address) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_strange_process_with_the_number_of_a_dead_postmaster_is_left_alone(base: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (base / "data" / "postmaster.pid").write_text(f"{stranger.pid}\n{base / 'data'}\n0\n1\n\n\n\nready\n")
        with EmbeddedPostgres(base, durable=False):
            assert stranger.poll() is None
        stranger.kill()


def test_an_interrupted_first_start_is_begun_anew(base: Path) -> None:
    (base / "data").rename(base / "data.partial")
    (base / "data.partial" / "PG_VERSION").unlink()
    with EmbeddedPostgres(base, durable=False) as postgres, psycopg.connect(postgres.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_start_that_fails_says_why_in_one_sentence(base: Path) -> None:
    (base / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(StackError, match=r"PostgreSQL did not start: .*FATAL"):
        EmbeddedPostgres(base, durable=False).start()


def test_a_second_start_makes_no_cluster_and_waits_for_the_server_alone(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would take seconds: making the files again, starting more than once, long pauses between two looks."""
    commands: list[list[str]] = []
    pauses: list[float] = []
    sleep = time.sleep

    class Counted(subprocess.Popen[bytes]):
        def __init__(self, command: list[str], **options: Any) -> None:
            commands.append(command)
            super().__init__(command, **options)

    monkeypatch.setattr(subprocess, "Popen", Counted)
    monkeypatch.setattr(time, "sleep", lambda seconds: (pauses.append(seconds), sleep(seconds))[1])
    with EmbeddedPostgres(base, durable=False):
        monkeypatch.undo()
    assert [Path(command[0]).name for command in commands if "-D" in command] == ["postgres"]
    assert max(pauses, default=0) <= 0.05


def test_the_files_are_closed_to_others_and_never_roots(base: Path) -> None:
    with EmbeddedPostgres(base, durable=False) as postgres:
        assert stat.S_IMODE(base.stat().st_mode) == 0o700
        assert stat.S_IMODE((base / "superuser").stat().st_mode) == 0o600
        assert psutil.Process(postgres.entry.pid).uids().real == base.stat().st_uid != 0


@pytest.mark.parametrize("mode", [0o700, 0o750])
def test_a_closed_home_above_stays_closed(data_dir: Path, mode: int) -> None:
    data_dir.chmod(mode)
    with (
        EmbeddedPostgres(data_dir / "postgres", durable=False) as postgres,
        psycopg.connect(postgres.url()) as connection,
    ):
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert stat.S_IMODE(data_dir.stat().st_mode) == mode
