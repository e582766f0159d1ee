"""Ports, addresses and the environment of the children."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from saas.config import Config
from saas.stack.errors import StackError
from saas.stack.keys import KeyFile
from saas.stack.plan import children, environment, with_addresses, with_keys, with_metrics, with_ports
from saas.stack.ports import Claims
from saas.stack.store import free_port


def config(**changes: object) -> Config:
    return Config(**{"port": free_port(), "simulator_port": free_port(), **changes})


@pytest.mark.parametrize("name", ["port", "simulator_port", "callback_port", "stream_port"])
def test_a_port_that_was_asked_for_and_is_taken_is_named(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with Claims() as claims, pytest.raises(StackError, match=f"Port {number} is taken.*or set {name.upper()} "):
            with_ports(config(**{name: number}), claims)


def test_a_taken_default_that_nobody_asked_for_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        monkeypatch.setattr(Config, "callback_port", number)
        with Claims() as claims:
            assert with_ports(config(callback_port=number), claims).callback_port != number


def test_a_port_that_another_run_means_to_use_is_taken() -> None:
    with Claims() as first, Claims() as second:
        number = free_port()
        assert first.take(number)
        assert first.take(number)
        assert not second.take(number)
    with Claims() as later:
        assert later.take(number)


def test_addresses_follow_the_ports_and_wechat_is_the_simulator() -> None:
    ready = with_addresses(Config(port=9000, simulator_port=9001, callback_port=9002, stream_port=9003))
    assert (ready.public_url, ready.callback_url) == ("http://127.0.0.1:9000", "http://127.0.0.1:9002")
    assert ready.wechat_api_url == ready.wechat_mp_url == ready.wechat_open_url == "http://127.0.0.1:9001"


def test_a_given_address_is_kept() -> None:
    assert with_addresses(Config(public_url="https://matrix.example.com")).public_url == "https://matrix.example.com"


def test_the_children_read_the_same_configuration(tmp_path: Path) -> None:
    ready = with_keys(
        with_addresses(config(data_dir=tmp_path, database_url="postgresql://app@x/y")), KeyFile(tmp_path / "s")
    )
    assert Config.from_env(dict(environment(ready))) == ready


def test_given_keys_are_not_replaced(tmp_path: Path) -> None:
    given = with_keys(Config(secret_key="mine", master_key="mine too"), KeyFile(tmp_path / "secrets.json"))
    assert (given.secret_key, given.master_key) == ("mine", "mine too")
    assert not (tmp_path / "secrets.json").exists()


def test_every_process_has_a_name_of_its_own() -> None:
    names = [child.name for child in children(Config())]
    assert sorted(names) == ["callback", "consumer", "scheduler", "sender", "simulator", "stream", "web", "worker"]


def test_all_children_keep_their_counters_in_one_folder_emptied_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "counter_1.db").write_bytes(b"of a run before")
    (tmp_path / "metrics" / "letter.txt").write_text("somebody else's")
    ready = with_metrics(config(data_dir=tmp_path))
    assert [path.name for path in (tmp_path / "metrics").iterdir()] == ["letter.txt"]
    given = environment(ready)
    assert given["METRICS_DIR"] == given["PROMETHEUS_MULTIPROC_DIR"] == str(tmp_path / "metrics")
    assert "PROMETHEUS_MULTIPROC_DIR" not in environment(config(data_dir=tmp_path))
