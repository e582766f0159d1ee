"""The phone's page and its doors."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from saas.simulator.pages import POLICY
from saas.simulator.words import WORDS
from saas.web.i18n import compile_catalogues
from tests.saas.simulator.conftest import Box

SCRIPTS = Path(__file__).parents[3] / "saas/simulator/static/js"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()


@pytest.fixture(scope="module", autouse=True)
def _catalogues() -> None:
    compile_catalogues()


def test_the_page_speaks_chinese_until_switched(box: Box) -> None:
    assert "微信模拟器" in box.client.get("/").text
    assert "WeChat in the box" in box.client.get("/?lang=en").text
    assert "WeChat in the box" in box.client.get("/").text
    assert box.client.get("/words").json["fan_new"] == "New fan"
    assert box.client.get("/words?lang=zh").json["failure"] == "该公众号暂时无法提供服务，请稍后再试"


def test_every_answer_has_the_strict_policy(box: Box) -> None:
    for path in ("/", "/words", "/static/js/main.js", "/nothing"):
        answer = box.client.get(path)
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer.close()
    assert "unsafe" not in POLICY


def test_the_page_has_nothing_inline(box: Box) -> None:
    page = box.client.get("/").text
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=", page)
    assert set(re.findall(r'(?:src|href)="(https?://[^"]+)"', page)) == set()


def test_scripts_use_only_known_words() -> None:
    code = "".join(path.read_text() for path in SCRIPTS.glob("*.js"))
    used = set(re.findall(r'say\("(\w+)"', code))
    assert used - set(WORDS) == set()
    assert "innerHTML" not in code
    assert "eval(" not in code


def test_static_files_stay_small() -> None:
    assert sum(path.stat().st_size for path in SCRIPTS.parent.rglob("*") if path.is_file()) < 100_000
    assert max(len(path.read_text().splitlines()) for path in SCRIPTS.glob("*.js")) <= 300


def test_a_new_fan_follows_and_writes(answered: Box) -> None:
    base = f"/phone/{answered.app_id}"
    fan = answered.client.post(f"{base}/fans", json={"name": " 小林 "}).json
    assert (fan["name"], fan["subscribed"]) == ("小林", False)
    answered.client.post(f"{base}/{fan['openid']}/acts", json={"type": "subscribe"})
    answered.client.post(f"{base}/{fan['openid']}/acts", json={"type": "text", "content": "你好"})
    chat = answered.client.get(f"{base}/{fan['openid']}/chat").json
    assert [line["origin"] for line in chat["lines"]] == ["fan", "passive", "fan", "passive"]
    assert chat["lines"][-1]["ms"] > 0
    assert chat["fan"]["subscribed"] is True
    after = chat["lines"][1]["id"]
    assert len(answered.client.get(f"{base}/{fan['openid']}/chat?after={after}").json["lines"]) == 2
    assert answered.client.get(f"{base}/fans").json["items"][0]["openid"] == fan["openid"]
    assert len(answered.client.get(f"{base}/{fan['openid']}/deliveries").json["items"]) == 2


def test_a_picture_is_stored_and_can_be_fetched(answered: Box) -> None:
    fan, base = answered.fan(), f"/phone/{answered.app_id}"
    picture = {"type": "image", "filename": "a.png", "data": PNG}
    assert answered.client.post(f"{base}/{fan}/acts", json=picture).json["status"] == "answered"
    content = answered.client.get(f"{base}/{fan}/chat").json["lines"][0]["content"]
    assert answered.client.get(f"/mmbiz/{content['media_id']}").mimetype == "image/png"
    menu = {"type": "menu", "button": {"type": "pic_weixin", "key": "k", "name": "n"}, "pictures": [picture]}
    assert len(answered.client.post(f"{base}/{fan}/acts", json=menu).json["followed_by"]) == 1


@pytest.mark.parametrize("values", [{"data": "%%%"}, {"data": PNG, "filename": "a.exe"}])
def test_a_bad_file_is_refused(box: Box, values: dict[str, str]) -> None:
    fan = box.fan()
    answer = box.client.post(f"/phone/{box.app_id}/{fan}/acts", json={"type": "image", "filename": "a.png", **values})
    assert answer.status_code == 415
    assert box.client.get("/mmbiz/nothing").status_code == 404


def test_what_the_phone_may_choose(box: Box) -> None:
    scene = {"scene": {"scene_str": "南京东路店"}}
    box.post("/cgi-bin/qrcode/create", {"action_name": "QR_LIMIT_STR_SCENE", "action_info": scene})
    [code] = box.client.get(f"/phone/{box.app_id}/codes").json["items"]
    seeded = box.sim(
        "/codes",
        {"codes": [{"scene": "1234"}, {"scene": "旧码", "ticket": "gQold", "url": "http://weixin.qq.com/q/1"}]},
    )
    assert seeded["tickets"][1] == "gQold"
    assert box.client.get("/cgi-bin/showqrcode?ticket=gQold").status_code == 200
    assert len(box.client.get(f"/phone/{box.app_id}/codes").json["items"]) == 3
    assert (code["scene"], code["permanent"]) == ("南京东路店", True)
    [account] = box.client.get("/phone/accounts").json["items"]
    assert account["followers"] == 0
    assert box.client.get(f"/phone/{box.app_id}/{box.fan()}/menu").json == {"button": []}
    assert box.client.get("/phone/wx0/fans").status_code == 404
    assert box.client.get("/healthz").text == "ok"
