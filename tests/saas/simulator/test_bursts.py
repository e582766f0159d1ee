"""Many acts at once: none is lost, the order tells how far it is, and the file bears it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Response

from tests.saas.simulator.conftest import Box
from tests.saas.simulator.echo import Echo


def acts(box: Box, count: int) -> list[dict[str, Any]]:
    fans = box.fans(20)
    return [{"app_id": box.app_id, "openid": fans[n % 20], "type": "text", "content": f"第{n}条"} for n in range(count)]


def ended(box: Box, wanted: list[dict[str, Any]], **values: Any) -> Any:
    number = box.client.post("/_sim/bursts", json={"acts": wanted, **values}).json["burst"]
    for _ in range(500):
        found = box.client.get(f"/_sim/bursts/{number}").json
        if found["done"] == found["count"]:
            return found
        time.sleep(0.02)
    raise AssertionError(f"only {found}")


def test_two_hundred_at_once_on_a_file(make_box: Callable[..., Box], echo: Echo, database: Path) -> None:
    box = make_box(callback_url=echo.url, database=database)
    found = ended(box, acts(box, 200), at_once=50)
    assert found["ended"] == {"answered": 200}
    assert found["seconds"] < 20
    assert len({message.id for message in echo.seen}) == 200
    pushes = box.client.get("/_sim/ledger", query_string={"app_id": box.app_id}).json["pushes"]
    assert all(push["reply"]["content"] == f"echo:{push['reply']['content'][5:]}" for push in pushes)
    assert len(pushes) == 200


def test_what_cannot_be_done_is_counted(answered: Box, echo: Echo) -> None:
    wanted = [*acts(answered, 2), {"app_id": "wxnobody"}, {"app_id": answered.app_id, "openid": "o"}]
    echo.raw = Response("success")
    assert ended(answered, wanted)["ended"] == {"empty": 2, "refused": 2}


def test_wrong_orders(box: Box) -> None:
    assert box.client.post("/_sim/bursts", json={"acts": []}).status_code == 422
    assert box.client.get("/_sim/bursts/7").status_code == 404
