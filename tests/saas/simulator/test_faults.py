"""Accidents: which call is struck, what its caller sees, and whether it was carried out all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.factories.processes import wait_for
from tests.saas.simulator.conftest import SECRET, Box
from tests.saas.simulator.echo import APP_ID, serving

SEND = "/cgi-bin/message/custom/send"
LONGER_THAN_A_TEST = 120


@pytest.fixture
def url(box: Box) -> Iterator[str]:
    with serving(box.app) as url:
        yield url


@pytest.fixture
def fan(box: Box) -> str:
    made = box.fan()
    box.act(made, type="text", content="a")
    return made


def order(box: Box, **values: Any) -> int:
    answer = box.client.post("/_sim/faults", json={"path": SEND, **values})
    return int(answer.json["id"]) if answer.status_code == 200 else answer.status_code


def send(box: Box, url: str, fan: str, *, timeout: float | tuple[float, float] = 20) -> requests.Response:
    body = {"touser": fan, "msgtype": "text", "text": {"content": "hello"}}
    return requests.post(f"{url}{SEND}", params={"access_token": box.token()}, json=body, timeout=timeout)


def ledger(box: Box) -> Any:
    return box.client.get("/_sim/ledger", query_string={"app_id": box.app_id}).json


def booked(box: Box) -> int:
    return len(ledger(box)["deliveries"])


def last_call(box: Box) -> tuple[int | None, str]:
    call = next(one for one in reversed(ledger(box)["calls"]) if one["path"] == SEND)
    return call["errcode"], call["fault"]


@pytest.mark.parametrize(("values", "count"), [({}, 1), ({"booked": False}, 0)])
def test_the_connection_ends_before_the_answer(
    box: Box, url: str, fan: str, values: dict[str, Any], count: int
) -> None:  # fmt: skip
    order(box, kind="reset", **values)
    with pytest.raises(requests.ConnectionError):
        send(box, url, fan)
    assert (booked(box), last_call(box)) == (count, (None, "reset"))
    assert send(box, url, fan).json()["errcode"] == 0


def test_silence_and_then_the_end(box: Box, url: str, fan: str) -> None:
    order(box, kind="timeout", seconds=LONGER_THAN_A_TEST)
    with pytest.raises(requests.ReadTimeout):
        send(box, url, fan, timeout=(20, 0.1))
    wait_for(lambda: booked(box) == 1, "it is carried out all the same")
    order(box, kind="timeout", seconds=0.01)
    with pytest.raises(requests.ConnectionError):
        send(box, url, fan)
    assert (booked(box), last_call(box)) == (2, (None, "timeout"))


def test_half_an_answer(box: Box, url: str, fan: str) -> None:
    order(box, kind="half")
    answer = send(box, url, fan)
    assert (answer.status_code, booked(box)) == (200, 1)
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_a_page_of_html(box: Box, url: str, fan: str) -> None:
    order(box, kind="html")
    answer = send(box, url, fan)
    assert (answer.status_code, "<html>" in answer.text, booked(box)) == (502, True, 0)


def test_a_slow_answer_is_the_right_one(box: Box, url: str, fan: str) -> None:
    order(box, kind="slow", seconds=0.2)
    answer = send(box, url, fan)
    assert (answer.json()["errcode"], answer.elapsed.total_seconds() >= 0.2) == (0, True)
    assert last_call(box) == (0, "slow")


def test_the_third_call_is_struck_and_no_other(box: Box, url: str, fan: str) -> None:
    order(box, kind="errcode", errcode=40001, skip=2)
    assert [send(box, url, fan).json()["errcode"] for _ in range(4)] == [0, 0, 40001, 0]
    [fault] = box.client.get("/_sim/faults").json["items"]
    assert (fault["seen"], fault["hits"]) == (3, 1)


def test_until_it_is_taken_back(box: Box, url: str, fan: str) -> None:
    number = order(box, kind="errcode", errcode=-1, times=0)
    assert [send(box, url, fan).json()["errcode"] for _ in range(3)] == [-1, -1, -1]
    assert box.client.delete("/_sim/faults", query_string={"id": number}).json == {"removed": 1}
    assert send(box, url, fan).json()["errcode"] == 0


def test_a_refusal_after_it_was_done(box: Box, url: str, fan: str) -> None:
    order(box, kind="errcode", errcode=-1, booked=True)
    assert (send(box, url, fan).json()["errcode"], booked(box)) == (-1, 1)


def test_only_the_account_and_path_that_were_named(box: Box, url: str, fan: str) -> None:
    order(box, kind="html", app_id="wxother", times=0)
    order(box, kind="html", path="message/custom/typing", times=0)
    assert send(box, url, fan).json()["errcode"] == 0
    assert box.client.delete("/_sim/faults").json == {"removed": 2}


def test_tokens_have_accidents_too(box: Box) -> None:
    order(box, kind="errcode", errcode=-1, path="/cgi-bin/stable_token", app_id=APP_ID)
    body = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}
    codes = [box.client.post("/cgi-bin/stable_token", json=body).json.get("errcode", 0) for _ in range(2)]
    assert codes == [-1, 0]


def test_all_tokens_die_at_once(box: Box) -> None:
    token = box.token()
    assert box.client.delete(f"/_sim/accounts/{APP_ID}/tokens").json == {"killed": 1}
    assert box.client.get("/cgi-bin/tags/get", query_string={"access_token": token}).json["errcode"] == 40001


@pytest.mark.parametrize("wrong", [{"kind": "x"}, {"kind": "slow", "seconds": "x"}, {"kind": "html", "times": None}])
def test_wrong_orders(box: Box, wrong: dict[str, Any]) -> None:
    assert order(box, **wrong) == 422


def test_where_there_is_no_socket_less_is_given_than_promised(box: Box, fan: str) -> None:
    order(box, kind="reset")
    answer = box.client.post(SEND, query_string={"access_token": box.token()}, json={})
    assert int(answer.headers["Content-Length"]) > len(answer.data)
