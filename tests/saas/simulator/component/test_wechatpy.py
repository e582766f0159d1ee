"""wechatpy's WeChatComponent, an independent client, goes the whole way against the simulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from wechatpy.component import WeChatComponent
from wechatpy.exceptions import WeChatClientException

from tests.saas.simulator.component.platform import COMPONENT, Platform
from tests.saas.simulator.echo import APP_ID, serving
from tests.saas.simulator.test_wechatpy import ToSimulator


@pytest.fixture
def component(platform: Platform) -> Iterator[WeChatComponent]:
    with serving(platform.box.app) as url:
        names = ("app_id", "app_secret", "token", "encoding_aes_key")
        made = WeChatComponent(*(COMPONENT[name] for name in names))
        made.auto_retry = False
        made._http.mount("https://api.weixin.qq.com", ToSimulator(url))
        made.session.set("component_verify_ticket", platform.ticket())
        yield made
        made._http.close()


def test_from_ticket_to_message(platform: Platform, component: WeChatComponent) -> None:
    address = component.get_pre_auth_url("https://example.test/back")
    assert component.component_appid in address
    code = platform.authorise()["auth_code"]
    info = component.query_auth(code)["authorization_info"]
    assert info["authorizer_appid"] == APP_ID
    fan = platform.box.fan()
    platform.box.act(fan, type="text", content="你好")
    client = component.get_client_by_appid(APP_ID)
    client._http.mount("https://api.weixin.qq.com", component._http.get_adapter("https://api.weixin.qq.com"))
    assert client.message.send_text(fan, "您好")["errcode"] == 0
    assert platform.box.sim(f"/fans/{fan}/messages")["items"][0]["content"] == {"type": "text", "content": "您好"}
    client._http.close()


def test_who_they_are(platform: Platform, component: WeChatComponent) -> None:
    code = platform.authorise()["auth_code"]
    refresh_token = component.query_auth(code)["authorization_info"]["authorizer_refresh_token"]
    assert component.get_authorizer_info(APP_ID)["authorizer_info"]["nick_name"] == "山间咖啡"
    assert component.get_authorizer_list()["total_count"] == 1
    component.set_authorizer_option(APP_ID, "voice_recognize", "1")
    assert component.get_authorizer_option(APP_ID, "voice_recognize")["option_value"] == "1"
    assert component.refresh_authorizer_token(APP_ID, refresh_token)["expires_in"] == 7200


def test_the_events_are_read(platform: Platform, component: WeChatComponent) -> None:
    message = _read(component, platform, 0)
    assert (message.type, message.verify_ticket) == ("component_verify_ticket", platform.ticket())
    platform.authorise()
    platform.wait("authorized")
    message = _read(component, platform, 1)
    assert (message.type, message.authorizer_appid) == ("authorized", APP_ID)
    assert message.query_auth_result["authorization_info"]["authorizer_appid"] == APP_ID


def test_refusals_are_errors(platform: Platform, component: WeChatComponent) -> None:
    with pytest.raises(WeChatClientException) as refused:
        component.query_auth("unknown")
    assert refused.value.errcode == 61009


def _read(component: WeChatComponent, platform: Platform, number: int) -> object:
    query = platform.queries[number]
    return component.parse_message(platform.bodies[number], query["msg_signature"], query["timestamp"], query["nonce"])
