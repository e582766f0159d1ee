"""wechatpy's client works against the simulator unchanged but for the host."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from wechatpy import WeChatClient
from wechatpy.client.api import WeChatDataCube
from wechatpy.exceptions import APILimitedException, WeChatClientException

from tests.saas.simulator.conftest import SECRET, Box
from tests.saas.simulator.echo import APP_ID, serving

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
pytestmark = pytest.mark.filterwarnings("ignore:`_(get|post)`:DeprecationWarning")


class ToSimulator(HTTPAdapter):
    """Sends what is meant for Tencent's host to the simulator."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._host = urlsplit(url).netloc

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        parts = urlsplit(str(request.url))
        request.url = urlunsplit(("http", self._host, parts.path, parts.query, ""))
        return super().send(request, *args, **options)


@pytest.fixture
def client(box: Box) -> Iterator[WeChatClient]:
    with serving(box.app) as url:
        made = WeChatClient(APP_ID, SECRET, auto_retry=False)
        made._http.mount("https://api.weixin.qq.com", ToSimulator(url))
        yield made
        made._http.close()


def test_token_and_users(box: Box, client: WeChatClient) -> None:
    openids = box.fans(3, scene="shop-0042", unionid="u1")
    assert client.access_token
    assert client.user.get(openids[0])["qr_scene_str"] == "shop-0042"
    assert [user["unionid"] for user in client.user.get_batch(openids)] == ["u1"] * 3
    assert list(client.user.iter_followers()) == openids
    client.user.update_remark(openids[0], "常客")
    assert client.user.get(openids[0])["remark"] == "常客"


def test_tags(box: Box, client: WeChatClient) -> None:
    openids = box.fans(2)
    tag = client.tag.create("会员")
    client.tag.tag_user(tag["id"], openids)
    assert client.tag.get()[-1] == {"id": tag["id"], "name": "会员", "count": 2}
    assert list(client.tag.iter_tag_users(tag["id"])) == openids
    assert client.tag.get_user_tag(openids[0]) == [tag["id"]]
    client.tag.untag_user(tag["id"], openids[0])
    client.tag.update(tag["id"], "老会员")
    client.tag.delete(tag["id"])
    assert len(client.tag.get()) == 1


def test_codes_and_their_picture(box: Box, client: WeChatClient) -> None:
    made = client.qrcode.create(
        {"expire_seconds": 600, "action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "shop"}}}
    )
    assert made["expire_seconds"] == 600
    picture = box.client.get("/cgi-bin/showqrcode", query_string={"ticket": made["ticket"]})
    assert picture.mimetype == "image/png"
    assert picture.data.startswith(b"\x89PNG")


def test_menu(client: WeChatClient) -> None:
    assert client.menu.get() is None
    client.menu.create({"button": [{"type": "click", "name": "今日优惠", "key": "MENU_TODAY"}]})
    assert client.menu.get()["menu"]["button"][0]["key"] == "MENU_TODAY"
    assert client.menu.get_menu_info()["is_menu_open"] == 1
    client.menu.delete()
    assert client.menu.get() is None


def test_media(box: Box, client: WeChatClient) -> None:
    stored = client.media.upload("image", ("a.png", io.BytesIO(PNG), "image/png"))
    assert client.media.download(stored["media_id"]).content == PNG
    assert client.media.upload_image(("a.png", io.BytesIO(PNG), "image/png")).startswith("http://127.0.0.1")
    box.pass_time(3 * 86_400)
    with pytest.raises(WeChatClientException) as refused:
        client.get("media/get", params={"media_id": stored["media_id"], "access_token": box.token()})
    assert refused.value.errcode == 40007


def test_messages(box: Box, client: WeChatClient) -> None:
    fan = box.fan()
    box.act(fan, type="text", content="你好")
    assert client.message.send_text(fan, "您好")["errcode"] == 0
    assert box.sim(f"/fans/{fan}/messages")["items"][0]["content"] == {"type": "text", "content": "您好"}


def test_quota_and_refusal(box: Box, client: WeChatClient) -> None:
    box.sim("/limits", {"/cgi-bin/tags/get": 1})
    client.tag.get()
    with pytest.raises(APILimitedException):
        client.tag.get()
    with pytest.raises(WeChatClientException) as refused:
        client.user.get("o-of-another-account")
    assert refused.value.errcode == 40003


def test_datacube(box: Box, client: WeChatClient) -> None:
    box.fans(2)
    box.pass_time(2 * 86_400)
    day = box.client.get("/_sim/clock").json["beijing"][:10]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with pytest.raises(WeChatClientException) as refused:
            WeChatDataCube(client).get_user_summary(day, day)
    assert refused.value.errcode in (61501, 42001)
