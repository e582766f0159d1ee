"""Where the pushes of an authorised account go, and how they are sealed."""

from __future__ import annotations

from tests.saas.simulator.component.platform import Platform
from tests.saas.simulator.conftest import ACCOUNT
from tests.saas.simulator.echo import APP_ID


def test_messages_go_to_the_platform_and_its_answer_is_shown(platform: Platform) -> None:
    platform.box.client.post("/_sim/accounts", json={**ACCOUNT, "mode": "plain"})
    platform.authorise()
    fan = platform.box.fan()
    done = platform.box.act(fan, type="text", content="优惠")
    assert done["reply"] == {"type": "text", "content": "platform:优惠"}
    [(app_id, message)] = platform.messages
    assert (app_id, message.target, message.source) == (APP_ID, ACCOUNT["original_id"], fan)
    # Events of the platform itself, which carry no openid, may come in between.
    [query] = [one for one in platform.queries if "openid" in one]
    assert (query["openid"], query["encrypt_type"]) == (fan, "aes")


def test_without_the_set_of_messages_they_stay_with_the_account(platform: Platform) -> None:
    platform.authorise(sets=[2])
    assert platform.box.act(platform.box.fan(), type="text", content="a")["status"] == "failed"
    assert platform.messages == []


def test_taken_back_they_go_home_again(platform: Platform) -> None:
    platform.authorise()
    assert platform.box.sim()["address"] == f"{platform.url}/messages/{APP_ID}"
    platform.box.client.post("/_sim/component/revoke", json={"authorizer_appid": APP_ID})
    assert platform.box.sim()["address"].endswith(f"/wechat/{APP_ID}")


def test_an_account_without_server_and_platform_is_heard_by_nobody(platform: Platform) -> None:
    [new] = platform.box.client.post("/_sim/component/newcomers", json={"count": 1}).json["items"]
    platform.box.app_id = new["app_id"]
    fan = platform.box.fan()
    assert platform.box.act(fan, type="text", content="a")["status"] == "none"
    platform.authorise(new["app_id"])
    assert platform.box.act(fan, type="text", content="b")["status"] == "answered"


def test_the_owner_takes_back_on_the_phone(platform: Platform) -> None:
    platform.authorise()
    [shown] = platform.box.client.get("/phone/accounts").json["items"]
    assert shown["platforms"] == ["千店"]
    assert platform.box.client.post(f"/phone/{APP_ID}/revoke", data={}).status_code == 415
    assert platform.box.client.post(f"/phone/{APP_ID}/revoke", json={}).json["platforms"]
    assert platform.box.client.get("/phone/accounts").json["items"][0]["platforms"] == []
    platform.wait("unauthorized")
