"""The books: enough to say that something came twice, or was answered 200 and yet is lost."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from tests.saas.simulator.conftest import Box
from tests.saas.simulator.echo import Echo

SEND = "/cgi-bin/message/custom/send"


def read(box: Box, path: str = "", **query: Any) -> Any:
    return box.client.get(f"/_sim/ledger{path}", query_string={"app_id": box.app_id, **query}).json


def send(box: Box, fan: str, content: str, marker: str = "") -> int:
    body = {"touser": fan, "msgtype": "text", "text": {"content": content}}
    query = {"access_token": box.token()}
    return int(box.client.post(SEND, query_string=query, json=body, headers={"X-Effect": marker}).json["errcode"])


def test_each_delivery_with_its_mark(answered: Box) -> None:
    fan = answered.fan()
    answered.act(fan, type="text", content="a")
    send(answered, fan, "hello", "effect-1")
    [one] = read(answered)["deliveries"]
    assert (one["openid"], one["channel"], one["marker"]) == (fan, "custom", "effect-1")
    assert one["content"] == {"type": "text", "content": "hello"}
    assert len(one["digest"]) == 64


def test_what_came_twice(answered: Box) -> None:
    fan = answered.fan()
    answered.act(fan, type="text", content="a")
    for content, marker in (("x", "e1"), ("x", "e2"), ("y", "e3"), ("y", "e3")):
        send(answered, fan, content, marker)
    told = read(answered, "/summary")
    assert told["deliveries"] == {"custom": 4}
    [doubled] = told["doubled"]
    assert (doubled["openid"], doubled["count"]) == (fan, 2)
    assert told["calls"][SEND] == {"0": 4}


def test_each_try_of_a_push_with_its_answer(answered: Box, echo: Echo) -> None:
    fan = answered.fan()
    answered.sim("/faults", {"deaf": 1})
    answered.act(fan, type="text", content="a")
    echo.raw = Response("", 503)
    answered.act(fan, type="text", content="b")
    echo.raw = Response("success")
    answered.sim("/faults", {"deaf": 0})
    answered.act(fan, type="text", content="c")
    first, second, third = read(answered)["pushes"]
    assert [(one["status"], one["kind"], one["fault"]) for one in first["tries"]] == [
        (None, "", "answer lost"),
        (200, "reply", ""),
    ]
    assert first["reply"] == first["tries"][1]["reply"] == {"type": "text", "content": "echo:a"}
    assert [one["kind"] for one in third["tries"]] == ["success"]
    assert (second["status"], [one["status"] for one in second["tries"]]) == ("failed", [None, 503, 503])
    assert first["at"] > 0
    assert read(answered, "/summary")["pushes"] == {"answered": 1, "failed": 1, "empty": 1}


def test_an_answer_that_is_lost_is_asked_for_again(answered: Box, echo: Echo) -> None:
    answered.sim("/faults", {"deaf": 2})
    done = answered.act(answered.fan(), type="text", content="a")
    assert (done["status"], done["deliveries"]) == ("answered", 3)
    assert len({message.id for message in echo.seen}) == 1


def test_refused_calls_stand_there_too(answered: Box) -> None:
    fan = answered.fan()
    assert send(answered, fan, "x") == 45015
    answered.client.get("/cgi-bin/tags/get", query_string={"access_token": "x" * 30})
    assert [(one["path"], one["errcode"]) for one in read(answered)["calls"] if one["path"] == SEND] == [(SEND, 45015)]
    assert read(answered, app_id="")["error"] == "missing: app_id"


def test_one_fan_a_part_and_nothing(answered: Box) -> None:
    one, other = answered.fans(2)
    for fan in (one, other, one):
        answered.act(fan, type="text", content="a")
    assert len(read(answered, openid=one)["pushes"]) == 2
    first = read(answered, limit=1)["pushes"][0]
    assert [push["openid"] for push in read(answered, after=first["id"])["pushes"]] == [other, one]
    answered.client.delete("/_sim/ledger", query_string={"app_id": answered.app_id})
    assert read(answered) == {"deliveries": [], "pushes": [], "calls": []}
