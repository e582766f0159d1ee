"""The third-party platform of the box: made once, and told to the simulator, so that accounts connect by a scan."""

from __future__ import annotations

import base64
import secrets
from dataclasses import replace

import requests

from saas.config import Config
from saas.stack.keys import KeyFile, password

APP_ID, NAME = "wxcomponent00000001", "千店"
FRESH_ACCOUNTS = 3
"""So many accounts that nobody has connected stand ready to be scanned."""
SECONDS = 10.0


def aes_key() -> str:
    """A random EncodingAESKey: 43 letters and digits that hold 32 bytes."""
    # WeChat takes no other signs, and the 43rd holds four bits of the key.
    while not (key := base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")).isalnum():
        pass
    return key


def with_component(config: Config, keys: KeyFile) -> Config:
    """The configuration with the box's own platform, where WeChat is the simulator and no other platform was named."""
    if config.wechat_component_app_id or config.wechat_api_url != config.simulator_url:
        return config
    return replace(
        config,
        wechat_component_app_id=APP_ID,
        wechat_component_secret=keys.ensure("component_secret", password),
        wechat_component_token=keys.ensure("component_token", secrets.token_urlsafe),
        wechat_component_aes_key=keys.ensure("component_aes_key", aes_key),
    )


def tell_simulator(config: Config) -> bool:
    """Registers the box's platform with the simulator, which sends its ticket at once; False when it does not listen."""
    if config.wechat_component_app_id != APP_ID:
        return True
    door = f"{config.callback_url}/wechat/component/{APP_ID}"
    platform = {
        "app_id": APP_ID,
        "name": NAME,
        "app_secret": config.wechat_component_secret,
        "token": config.wechat_component_token,
        "encoding_aes_key": config.wechat_component_aes_key,
        "event_url": door,
        "message_url": f"{door}/$APPID$",
        "fresh": FRESH_ACCOUNTS,
    }
    try:
        return requests.put(f"{config.simulator_url}/_sim/component", json=platform, timeout=SECONDS).ok
    except requests.RequestException:
        return False
