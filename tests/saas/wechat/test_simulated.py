"""The gateway before the simulator: two independent readings of the protocol that must agree, in every mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from flask import Flask

from saas.simulator.app import create_app as create_simulator
from saas.simulator.settings import SimulatorSettings
from saas.wechat.ports import AccountKeys, Mode
from tests.factories.door import door_of
from tests.saas.simulator.echo import serving

Act = Callable[..., dict[str, Any]]
ACTS: list[dict[str, Any]] = [
    {"type": "image"},
    {"type": "voice", "recognition": "几点开门"},
    {"type": "video"},
    {"type": "shortvideo"},
    {"type": "location", "latitude": 31.230416, "longitude": 121.473701, "label": "人民广场"},
    {"type": "link", "title": "菜单", "url": "https://example.test/menu"},
    {"type": "file"},
    {"type": "miniprogrampage", "appid": "wx2"},
    {"type": "scan", "scene": "shop-0042"},
    {"type": "report_location", "latitude": 31.2, "longitude": 121.4},
    {"type": "menu", "button": {"type": "click", "key": "MENU_TODAY", "name": "优惠"}},
    {"type": "menu", "button": {"type": "view", "url": "https://example.test", "name": "会员"}},
    {"type": "menu", "button": {"type": "scancode_waitmsg", "key": "scan1", "name": "扫码"}},
    {"type": "menu", "button": {"type": "pic_weixin", "key": "p", "name": "晒单"}, "pictures": [{"media_id": "a"}] * 2},
    {"type": "menu", "button": {"type": "location_select", "key": "l", "name": "门店"}},
    {"type": "event", "event": "TEMPLATESENDJOBFINISH", "fields": {"MsgID": 1, "Status": "success"}},
    {"type": "unsubscribe"},
]


@pytest.fixture
def fan(whole_app: Flask) -> Iterator[Callable[[AccountKeys], Act]]:
    """A fan of an account, who acts through the simulator on the gateway at a port of its own."""
    settings = SimulatorSettings(tries=1, testing=True)
    simulator = create_simulator(settings)
    with serving(door_of(whole_app)) as gateway, serving(simulator) as url:

        def follow(keys: AccountKeys) -> Act:
            address = f"{url}/_sim/accounts"
            values = {name: getattr(keys, name) for name in ("app_id", "original_id", "token", "encoding_aes_key")}
            more = {"name": "", "app_secret": "s", "mode": keys.mode.value}
            more["callback_url"] = f"{gateway}/wechat/{keys.app_id}"
            requests.post(address, json=values | more, timeout=5).raise_for_status()
            assert requests.post(f"{address}/{keys.app_id}/verify", json={}, timeout=5).json()["verified"]
            fans = requests.post(f"{address}/{keys.app_id}/fans", json={"count": 1}, timeout=5).json()
            path = f"{address}/{keys.app_id}/fans/{fans['openids'][0]}/acts"
            return lambda **act: requests.post(path, json=act, timeout=10).json()

        yield follow
    simulator.extensions["simulator"].store.close()
    simulator.extensions["simulator"].callbacks.close()


@pytest.mark.parametrize("mode", list(Mode))
def test_a_text_is_answered_in_every_mode(connect: Any, fan: Any, mode: Mode) -> None:
    act = fan(connect(mode))
    done = act(type="text", content="优惠 ]]> [微笑] /::) 😊")
    assert (done["status"], done["deliveries"]) == ("answered", 1), done["tries"]
    assert done["reply"] == {"type": "text", "content": "echo 优惠 ]]> [微笑] /::) 😊"}


@pytest.mark.parametrize("values", ACTS, ids=lambda act: act["type"])
def test_every_act_is_taken(connect: Any, fan: Any, values: dict[str, Any]) -> None:
    done = fan(connect(Mode.SAFE))(**values)
    assert [one["status"] for one in [done, *done["followed_by"]]] == ["empty"] * (1 + len(done["followed_by"]))
