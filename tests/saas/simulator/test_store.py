"""The simulator's memory: it outlives a restart and bears many threads; its doors are guarded."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from saas.simulator.accounts import Account
from saas.simulator.schema import ADDED
from saas.simulator.store import Store
from tests.saas.simulator.conftest import ACCOUNT, Box
from tests.saas.simulator.echo import Echo


def test_a_restart_keeps_everything(make_box: Callable[..., Box], echo: Echo, database: Path) -> None:
    first = make_box(callback_url=echo.url, database=database)
    fan, token = first.fan(), first.token()
    one = first.act(fan, type="text", content="你好")
    second = make_box(callback_url=echo.url, database=database)
    assert second.sim(f"/fans/{fan}")["allowances"][0]["remaining"] == 5
    assert len(second.sim(f"/fans/{fan}/replies")["items"]) == 1
    assert "tags" in second.client.get("/cgi-bin/tags/get", query_string={"access_token": token}).json
    assert second.act(fan, type="text", content="还在吗")["msg_id"] != one["msg_id"]


def test_a_file_of_an_older_simulator_is_brought_up(make_box: Callable[..., Box], echo: Echo, database: Path) -> None:
    first = make_box(callback_url=echo.url, database=database)
    fan, token = first.fan(), first.token()
    first.app.extensions["simulator"].store.close()
    with closing(sqlite3.connect(database)) as file:
        for table, column, _ in ADDED:
            file.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    second = make_box(callback_url=echo.url, database=database)
    assert second.sim()["direct"] is True
    assert "tags" in second.client.get("/cgi-bin/tags/get", query_string={"access_token": token}).json
    assert second.act(fan, type="text", content="你好")["status"] == "answered"


def test_nothing_is_opened_before_the_first_request(make_box: Callable[..., Box], tmp_path: Path) -> None:
    assert not (tmp_path / "a.sqlite3").exists()
    make_box(database=tmp_path / "a.sqlite3")
    assert (tmp_path / "a.sqlite3").exists()


def test_many_threads(answered: Box, echo: Echo) -> None:
    fans = answered.fans(20)
    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(lambda n: answered.app.test_client().post(
            f"/_sim/accounts/{answered.app_id}/fans/{fans[n % 20]}/acts", json={"type": "text", "content": f"第{n}条"},
        ).json, range(100)))  # fmt: skip
    assert [one["reply"]["content"] for one in done] == [f"echo:第{n}条" for n in range(100)]
    assert len({one["msg_id"] for one in done}) == 100
    assert answered.sim()["deliveries"] == {"answered": 100}


def test_many_threads_share_one_allowance(box: Box) -> None:
    fan, token = box.fan(), box.token()
    box.act(fan, type="text", content="a")

    def send(_: int) -> int:
        values = {"touser": fan, "msgtype": "text", "text": {"content": "b"}}
        client, query = box.app.test_client(), {"access_token": token}
        return int(client.post("/cgi-bin/message/custom/send", query_string=query, json=values).json["errcode"])

    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(send, range(20)))
    assert codes == [0] * 5 + [45047] * 15


def test_all_or_nothing() -> None:
    store = Store(None)

    def fail() -> None:
        with store.transaction():
            store.next_number("x")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert store.next_number("x") == 1
    store.close()


def test_the_administrative_api_is_for_this_machine(box: Box) -> None:
    for address, status in (("127.0.0.1", 200), ("::1", 200), ("10.0.0.7", 403), ("203.0.113.9", 403)):
        assert box.client.get("/_sim/accounts", environ_base={"REMOTE_ADDR": address}).status_code == status


def test_a_form_is_refused(box: Box) -> None:
    answer = box.client.post("/_sim/accounts", data={"app_id": "x"})
    assert answer.status_code == 415


@pytest.mark.parametrize("missing", ["app_id", "token", "app_secret"])
def test_an_incomplete_account_is_refused(box: Box, missing: str) -> None:
    values = {name: value for name, value in ACCOUNT.items() if name != missing}
    assert box.client.post("/_sim/accounts", json=values).status_code == 422
    assert box.client.post("/_sim/accounts", json={**ACCOUNT, "mode": "loud"}).status_code == 422
    assert box.client.post("/_sim/accounts", json={**ACCOUNT, "encoding_aes_key": "short"}).status_code == 422


def test_secrets_are_not_shown(box: Box) -> None:
    shown = repr(Account(**ACCOUNT)) + box.client.get("/_sim/accounts").text + box.client.get("/phone/accounts").text  # type: ignore[arg-type]
    assert not [name for name in ("app_secret", "encoding_aes_key") if ACCOUNT[name] in shown]


def test_strangers_and_missing_ones(box: Box) -> None:
    assert box.client.get("/_sim/accounts/wx0").status_code == 404
    assert box.client.get(f"/_sim/accounts/{box.app_id}/fans/o0").status_code == 404
    taken = {"fans": [{"openid": box.fan()}]}
    assert box.client.post(f"/_sim/accounts/{box.app_id}/fans", json=taken).status_code == 409
