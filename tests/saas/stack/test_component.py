"""The box's own platform: made once, only where WeChat is the simulator, and told to it."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from saas.config import Config
from saas.simulator.app import create_app
from saas.simulator.settings import SimulatorSettings
from saas.stack.component import APP_ID, aes_key, tell_simulator, with_component
from saas.stack.keys import KeyFile
from saas.stack.plan import with_addresses
from tests.saas.simulator.echo import serving


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "secrets.json")


def test_it_is_made_once(keys: KeyFile) -> None:
    first = with_component(with_addresses(Config()), keys)
    assert first.wechat_component_app_id == APP_ID
    assert len(first.wechat_component_aes_key) == 43
    assert with_component(with_addresses(Config()), keys) == first


def test_a_platform_that_was_named_is_kept(keys: KeyFile) -> None:
    named = with_addresses(Config(wechat_component_app_id="wxown"))
    assert with_component(named, keys) == named


def test_tencent_itself_gets_no_platform_of_the_box(keys: KeyFile) -> None:
    real = with_addresses(Config(wechat_api_url="https://api.weixin.example"))
    assert with_component(real, keys) == real
    assert tell_simulator(real)


def test_the_key_is_one_that_wechat_takes() -> None:
    assert all(len(key) == 43 and key.isalnum() for key in (aes_key() for _ in range(20)))


def test_the_simulator_hears_of_it(keys: KeyFile, tmp_path: Path) -> None:
    settings = SimulatorSettings(database=tmp_path / "simulator.sqlite3", testing=True, tries=1)
    with serving(create_app(settings)) as address:
        ready = with_component(
            with_addresses(Config(wechat_api_url=address, simulator_url=address, callback_url="http://127.0.0.1:9")),
            keys,
        )
        assert tell_simulator(ready)
        known = requests.get(f"{address}/_sim/component", timeout=5).json()
    assert known["app_id"] == APP_ID
    assert known["message_url"] == f"http://127.0.0.1:9/wechat/component/{APP_ID}/$APPID$"


def test_a_simulator_that_does_not_listen(keys: KeyFile) -> None:
    nowhere = with_addresses(Config(wechat_api_url="http://127.0.0.1:9", simulator_url="http://127.0.0.1:9"))
    assert not tell_simulator(with_component(nowhere, keys))
