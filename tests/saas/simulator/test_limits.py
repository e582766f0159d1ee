"""Tencent's limits on users, tags, codes, menus and media."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.saas.simulator.conftest import SECRET, Box

CODE = "/cgi-bin/qrcode/create"
CLICK = {"type": "click", "name": "优惠", "key": "k"}


def upload(box: Box, kind: str, filename: str, content: bytes) -> Any:
    query = {"access_token": box.token(), "type": kind}
    data = {"media": (io.BytesIO(content), filename)}
    return box.client.post("/cgi-bin/media/upload", query_string=query, data=data).json


def test_followers_come_in_pages(box: Box) -> None:
    openids = box.fans(10_001)
    first = box.get("/cgi-bin/user/get")
    assert (first["total"], first["count"], first["next_openid"]) == (10_001, 10_000, openids[9_999])
    second = box.get("/cgi-bin/user/get", next_openid=first["next_openid"])
    assert (second["count"], second["next_openid"]) == (1, openids[-1])
    third = box.get("/cgi-bin/user/get", next_openid=openids[-1])
    assert third == {"total": 10_001, "count": 0, "next_openid": ""}
    assert box.get("/cgi-bin/user/get", next_openid="o-unknown")["errcode"] == 40003


def test_batches(box: Box) -> None:
    fan = box.fan()
    assert box.errcode("/cgi-bin/user/info/batchget", {"user_list": [{"openid": fan}] * 101}) == 40032
    assert box.errcode("/cgi-bin/tags/members/batchtagging", {"openid_list": [fan] * 51, "tagid": 100}) == 45159
    assert box.errcode("/cgi-bin/user/info/updateremark", {"openid": fan, "remark": "长" * 30}) == 40035
    assert box.get("/cgi-bin/user/info")["errcode"] == 41009


def test_tags(box: Box) -> None:
    fan = box.fan()
    ids = [box.post("/cgi-bin/tags/create", {"tag": {"name": f"标签{n}"}})["tag"]["id"] for n in range(100)]
    assert box.errcode("/cgi-bin/tags/create", {"tag": {"name": "多了"}}) == 45056
    assert box.errcode("/cgi-bin/tags/create", {"tag": {"name": "标签1"}}) == 45157
    assert box.errcode("/cgi-bin/tags/create", {"tag": {"name": "长" * 31}}) == 45158
    assert box.errcode("/cgi-bin/tags/delete", {"tag": {"id": 2}}) == 45058
    assert box.errcode("/cgi-bin/tags/delete", {"tag": {"id": 9999}}) == 45159
    tag = {"openid_list": [fan]}
    codes = [box.errcode("/cgi-bin/tags/members/batchtagging", {**tag, "tagid": number}) for number in ids[:21]]
    assert codes == [0] * 20 + [45059]
    assert box.errcode("/cgi-bin/tags/members/batchtagging", {**tag, "tagid": ids[0]}) == 0


@pytest.mark.parametrize(
    ("action", "scene", "good"),
    [
        ("QR_SCENE", {"scene_id": 1}, True),
        ("QR_SCENE", {"scene_id": 2**32 - 1}, True),
        ("QR_SCENE", {"scene_id": 0}, False),
        ("QR_LIMIT_SCENE", {"scene_id": 100_000}, True),
        ("QR_LIMIT_SCENE", {"scene_id": 100_001}, False),
        ("QR_STR_SCENE", {"scene_str": "门" * 64}, True),
        ("QR_STR_SCENE", {"scene_str": "门" * 65}, False),
        ("QR_LIMIT_STR_SCENE", {"scene_str": ""}, False),
        ("QR_DANCE", {"scene_str": "a"}, False),
    ],
)
def test_codes(box: Box, action: str, scene: dict[str, Any], good: bool) -> None:
    made = box.post(CODE, {"action_name": action, "action_info": {"scene": scene}})
    assert ("ticket" in made) is good
    assert made.get("errcode", 40053) == 40053
    assert ("expire_seconds" in made) is (good and "LIMIT" not in action)


def test_a_codes_life_is_at_most_thirty_days(box: Box) -> None:
    asked = {"expire_seconds": 9_999_999, "action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 1}}}
    assert box.post(CODE, asked)["expire_seconds"] == 2_592_000


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([], 40016), ([CLICK] * 4, 40016), ([{**CLICK, "name": "名" * 6}], 40018), ([{**CLICK, "type": "dance"}], 40017),
        ([{**CLICK, "key": ""}], 40019), ([{"type": "view", "name": "a", "url": "u" * 1025}], 40020),
        ([{"name": "a", "sub_button": [CLICK] * 6}], 40023), ([{"name": "a", "sub_button": [{**CLICK, "name": "名" * 21}]}], 40025),
    ],
)  # fmt: skip
def test_menus(box: Box, buttons: list[Any], code: int) -> None:
    assert box.errcode("/cgi-bin/menu/create", {"button": buttons}) == code


def test_personalised_menus(box: Box) -> None:
    fan, other = box.fans(2)
    tag = box.post("/cgi-bin/tags/create", {"tag": {"name": "会员"}})["tag"]["id"]
    box.post("/cgi-bin/tags/members/batchtagging", {"openid_list": [fan], "tagid": tag})
    special = {"button": [{**CLICK, "name": "会员日"}], "matchrule": {"tag_id": str(tag)}}
    assert box.errcode("/cgi-bin/menu/addconditional", special) == 65303
    box.post("/cgi-bin/menu/create", {"button": [CLICK]})
    number = box.post("/cgi-bin/menu/addconditional", special)["menuid"]
    seen = [box.post("/cgi-bin/menu/trymatch", {"user_id": one})["button"][0]["name"] for one in (fan, other)]
    assert seen == ["会员日", "优惠"]
    assert box.get("/cgi-bin/menu/get")["conditionalmenu"][0]["menuid"] == int(number)
    assert box.errcode("/cgi-bin/menu/delconditional", {"menuid": number}) == 0
    assert box.errcode("/cgi-bin/menu/delconditional", {"menuid": number}) == 65301


@pytest.mark.parametrize(
    ("kind", "filename", "content", "code"),
    [
        ("dance", "a.png", b"x", 40004), ("image", "a.exe", b"x", 40005), ("image", "a.png", b"", 44001),
        ("thumb", "a.jpg", b"x" * 65_537, 40012),
    ],
)  # fmt: skip
def test_media_that_is_refused(box: Box, kind: str, filename: str, content: bytes, code: int) -> None:
    assert upload(box, kind, filename, content)["errcode"] == code


def test_media_kinds(box: Box) -> None:
    assert "thumb_media_id" in upload(box, "thumb", "a.jpg", b"x")
    video = upload(box, "video", "a.mp4", b"x")
    assert "video_url" in box.get("/cgi-bin/media/get", media_id=video["media_id"])
    voice = upload(box, "voice", "a.amr", b"abc")
    got = box.client.get(
        "/cgi-bin/media/get", query_string={"access_token": box.token(), "media_id": voice["media_id"]}
    )
    assert (got.data, got.mimetype) == (b"abc", "audio/amr")
    assert "attachment" in got.headers["Content-disposition"]
    assert box.get("/cgi-bin/media/get")["errcode"] == 41006


def test_the_quota_is_cleared_by_the_secret_as_well(box: Box) -> None:
    box.sim("/limits", {"/cgi-bin/tags/get": 1})
    assert "tags" in box.get("/cgi-bin/tags/get")
    path, values = "/cgi-bin/clear_quota/v2", {"appid": box.app_id, "appsecret": SECRET}
    assert box.client.post(path, json={**values, "appsecret": "wrong"}).json["errcode"] == 40125
    assert box.get("/cgi-bin/tags/get")["errcode"] == 45009
    assert box.client.post(path, json=values).json["errcode"] == 0
    assert "tags" in box.get("/cgi-bin/tags/get")
