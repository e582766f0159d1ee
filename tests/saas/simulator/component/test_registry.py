"""Registering a platform: what is checked, what is told, and that it stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.saas.simulator.component.platform import COMPONENT, Platform
from tests.saas.simulator.conftest import Box

URLS = {"event_url": "http://127.0.0.1:9/e", "message_url": "http://127.0.0.1:9/m/$APPID$"}


def test_secrets_are_not_told(platform: Platform) -> None:
    shown = platform.box.client.get("/_sim/component").json
    assert (shown["app_id"], shown["name"], shown["authorizers"]) == (COMPONENT["app_id"], "千店", [])
    assert not {COMPONENT["app_secret"], COMPONENT["token"], COMPONENT["encoding_aes_key"]} & set(
        map(str, shown.values())
    )


@pytest.mark.parametrize(
    "change",
    [{"app_secret": ""}, {"encoding_aes_key": "short"}, {"message_url": "http://127.0.0.1:9/m"}, {"sets": [1, 99]}, {"sets": 1}],
)  # fmt: skip
def test_wrong_settings_are_refused(box: Box, change: dict[str, Any]) -> None:
    assert box.client.put("/_sim/component", json={**COMPONENT, **URLS, **change}).status_code == 422


def test_without_a_platform_there_is_none(box: Box) -> None:
    assert box.client.get("/_sim/component").status_code == 404


def test_it_outlives_a_restart_and_gets_its_tickets(make_box: Callable[..., Box], database: Path) -> None:
    first = make_box(database=database, tries=1)
    first.client.put("/_sim/component", json={**COMPONENT, **URLS})
    second = make_box(database=database, tries=1)
    assert second.client.get("/_sim/component").json["name"] == "千店"
    assert second.app.extensions["ticker"]._started


def test_two_platforms_stand_side_by_side(platform: Platform) -> None:
    client = platform.box.client
    client.put("/_sim/component", json={**COMPONENT, **URLS, "app_id": "wxcomponent00000002"})
    assert client.get("/_sim/component").json["app_id"] == "wxcomponent00000002"
    first = client.get("/_sim/component", query_string={"app_id": COMPONENT["app_id"]}).json
    assert first["event_url"] == f"{platform.url}/events"


def test_fresh_accounts_stand_ready(platform: Platform) -> None:
    for _ in range(2):
        platform.register(fresh=3)
    found = [one for one in platform.box.client.get("/_sim/accounts").json["items"] if not one["direct"]]
    assert len({one["name"] for one in found}) == 3
    more = platform.box.client.post("/_sim/component/newcomers", json={"count": 2}).json["items"]
    assert [one["direct"] for one in more] == [False, False]


def test_an_account_without_a_server_needs_no_developer_settings(platform: Platform) -> None:
    values = {"app_id": "wxnew", "original_id": "gh_new", "name": "新店", "direct": False}
    made = platform.box.client.post("/_sim/accounts", json=values)
    assert (made.status_code, made.json["direct"]) == (200, False)
    assert platform.box.client.get("/_sim/accounts/wxnew").json["address"] == ""
