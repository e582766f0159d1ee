"""Tokens, the shape of refusals, and quotas."""

from __future__ import annotations

from typing import Any

import pytest

from tests.saas.simulator.conftest import ACCOUNT, SECRET, Box
from tests.saas.simulator.echo import APP_ID

ASKED = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}


def errcode(box: Box, token: str) -> int:
    return int(box.client.get("/cgi-bin/tags/get", query_string={"access_token": token}).json.get("errcode", 0))


def stable(box: Box, *, forced: bool = False) -> dict[str, Any]:
    return dict(box.client.post("/cgi-bin/stable_token", json={**ASKED, "force_refresh": forced}).json)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"appid": ""}, 41002), ({"secret": ""}, 41004), ({"grant_type": "x"}, 40002), ({"appid": "wx0"}, 40013),
        ({"secret": "wrong"}, 40125),
    ],
)  # fmt: skip
def test_wrong_credentials(box: Box, changes: dict[str, str], code: int) -> None:
    answer = box.client.get("/cgi-bin/token", query_string={**ASKED, **changes})
    assert answer.status_code == 200
    assert answer.json["errcode"] == code
    assert " rid: " in answer.json["errmsg"]


def test_a_new_token_ends_the_old_one_after_five_minutes(box: Box) -> None:
    old, new = box.token(), box.token()
    assert (errcode(box, old), errcode(box, new)) == (0, 0)
    box.pass_time(301)
    assert (errcode(box, old), errcode(box, new)) == (40001, 0)
    box.pass_time(7200)
    assert errcode(box, new) == 42001


@pytest.mark.parametrize(("token", "code"), [("", 41001), ("short", 40014), ("x" * 60, 40001)])
def test_wrong_tokens(box: Box, token: str, code: int) -> None:
    assert errcode(box, token) == code


def test_the_stable_token_stays_until_it_nearly_ends(box: Box) -> None:
    first = stable(box)
    assert first["expires_in"] == 7200
    box.token()
    box.pass_time(6000)
    again = stable(box)
    assert again["access_token"] == first["access_token"]
    assert again["expires_in"] in (1199, 1200)
    box.pass_time(901)
    later = stable(box)
    assert later["access_token"] != first["access_token"]
    assert (errcode(box, first["access_token"]), errcode(box, later["access_token"])) == (0, 0)


def test_forcing_needs_a_pause(box: Box) -> None:
    first = stable(box)["access_token"]
    assert stable(box, forced=True)["access_token"] == first
    box.pass_time(31)
    second = stable(box, forced=True)["access_token"]
    assert second != first
    box.pass_time(301)
    assert (errcode(box, first), errcode(box, second)) == (40001, 0)
    assert box.client.get("/cgi-bin/stable_token").json["errcode"] == 43002


def test_the_universal_refusals(box: Box) -> None:
    query = {"access_token": box.token()}
    address = "/cgi-bin/tags/create"
    assert box.client.get(address, query_string=query).json["errcode"] == 43002
    assert box.client.post(address, query_string=query).json["errcode"] == 44002
    assert box.client.post(address, query_string=query, data=b"{").json["errcode"] == 47001
    escaped = b'{"tag":{"name":"\\u4e2d"}}'
    assert box.client.post(address, query_string=query, data=escaped).json["errcode"] == 40033
    assert box.client.get("/cgi-bin/nothing/here", query_string=query).json["errcode"] == 40066


def test_an_account_that_is_not_verified(box: Box) -> None:
    box.client.post("/_sim/accounts", json={**ACCOUNT, "verified": False})
    assert box.get("/cgi-bin/user/get")["errcode"] == 48001
    assert box.get("/cgi-bin/menu/get")["errcode"] == 46003


def test_faults_on_purpose(box: Box) -> None:
    box.sim("/faults", {"errcodes": {"tags/get": -1}})
    assert box.get("/cgi-bin/tags/get")["errcode"] == -1
    box.sim("/faults", {"errcodes": {}, "refuse_token": True})
    assert box.get("/cgi-bin/tags/get")["errcode"] == 40001
    assert "error" in box.sim("/faults", {"explode": True})


def test_a_quota_ends_at_midnight_and_can_be_cleared(box: Box) -> None:
    box.set_clock("2026-03-05T12:00:00+08:00")
    box.sim("/limits", {"/cgi-bin/tags/get": 2})
    answers = [box.get("/cgi-bin/tags/get").get("errcode", 0) for _ in range(3)]
    assert answers == [0, 0, 45009]
    quota = box.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/tags/get"})["quota"]
    assert quota == {"daily_limit": 2, "used": 2, "remain": 0}
    assert box.errcode("/cgi-bin/clear_quota", {"appid": APP_ID}) == 0
    assert "errcode" not in box.get("/cgi-bin/tags/get")
    box.get("/cgi-bin/tags/get")
    box.set_clock("2026-03-06T00:00:01+08:00")
    assert "errcode" not in box.get("/cgi-bin/tags/get")


def test_clearing_is_limited(box: Box) -> None:
    codes = [box.errcode("/cgi-bin/clear_quota", {"appid": APP_ID}) for _ in range(11)]
    assert codes == [0] * 10 + [48006]
    assert box.errcode("/cgi-bin/clear_quota", {"appid": "wx0"}) == 40013
