"""Tickets and the platform's own token: when they come, how long they hold, what is refused."""

from __future__ import annotations

from werkzeug.wrappers import Response

from tests.saas.simulator.component.platform import COMPONENT, Platform

HALF_A_DAY = 12 * 3600


def errcode(platform: Platform, name: str, **values: str) -> int:
    return int(platform.post(name, values).get("errcode", 0))


def token_errcode(platform: Platform, ticket: str, secret: str = COMPONENT["app_secret"]) -> int:
    return errcode(platform, "api_component_token", component_appsecret=secret, component_verify_ticket=ticket)


def test_a_ticket_comes_at_once_in_the_platforms_own_seal(platform: Platform) -> None:
    [event] = platform.wait("component_verify_ticket")
    assert event["AppId"] == COMPONENT["app_id"]
    assert event["ComponentVerifyTicket"].startswith("ticket@@@")
    assert "openid" not in platform.queries[0]


def test_a_ticket_comes_each_ten_minutes(platform: Platform) -> None:
    platform.wait("component_verify_ticket")
    platform.box.pass_time(600)
    platform.wait("component_verify_ticket", 2)


def test_a_ticket_can_be_asked_for(platform: Platform) -> None:
    assert errcode(platform, "api_start_push_ticket", component_secret=COMPONENT["app_secret"]) == 0
    platform.wait("component_verify_ticket", 2)
    assert errcode(platform, "api_start_push_ticket", component_secret="wrong") == 40125


def test_a_ticket_now_says_how_it_went(platform: Platform) -> None:
    platform.wait("component_verify_ticket")
    platform.raw = Response("", 503)
    told = platform.box.client.post("/_sim/component/ticket", json={}).json
    assert (told["status"], told["tries"][0]["status"]) == ("failed", 503)
    books = platform.box.client.get("/_sim/ledger", query_string={"app_id": COMPONENT["app_id"]}).json["pushes"]
    assert [(one["event"], one["status"]) for one in books[1:]] == [("component_verify_ticket", "failed")]
    platform.raw = Response("<xml></xml>")
    assert platform.box.client.post("/_sim/component/ticket", json={}).json["status"] == "failed"
    platform.raw = None
    told = platform.box.client.post("/_sim/component/ticket", json={}).json
    assert (told["status"], told["ticket"]) == ("empty", platform.events[-1]["ComponentVerifyTicket"])


def test_older_tickets_hold_for_half_a_day(platform: Platform) -> None:
    first = platform.ticket()
    platform.box.pass_time(HALF_A_DAY - 60)
    platform.wait("component_verify_ticket", 2)
    assert token_errcode(platform, first) == 0
    platform.box.pass_time(120)
    assert token_errcode(platform, first) == 61005


def test_what_the_token_call_refuses(platform: Platform) -> None:
    ticket = platform.ticket()
    assert token_errcode(platform, "ticket@@@unknown") == 61006
    assert token_errcode(platform, ticket, "wrong") == 40125
    body = {"component_appid": "wxnobody", "component_appsecret": "x", "component_verify_ticket": ticket}
    assert platform.box.client.post("/cgi-bin/component/api_component_token", json=body).json["errcode"] == 61011
    assert platform.box.client.get("/cgi-bin/component/api_component_token").json["errcode"] == 43002


def test_the_newest_token_ends_the_older_after_a_while(platform: Platform) -> None:
    older, newer = platform.token(), platform.token()
    assert "pre_auth_code" in platform.call("api_create_preauthcode", token=older)
    platform.box.pass_time(301)
    assert platform.call("api_create_preauthcode", token=older)["errcode"] == 40001
    assert "pre_auth_code" in platform.call("api_create_preauthcode", token=newer)
    platform.box.pass_time(7200)
    assert platform.call("api_create_preauthcode", token=newer)["errcode"] == 42001


def test_both_names_of_the_token_are_taken(platform: Platform) -> None:
    token = platform.token()
    assert "pre_auth_code" in platform.post("api_create_preauthcode", {}, access_token=token)
    assert platform.post("api_create_preauthcode", {})["errcode"] == 41001
    assert platform.post("api_create_preauthcode", {}, access_token=platform.box.token())["errcode"] == 40001
    assert (
        platform.post("api_create_preauthcode", {"component_appid": "wxother"}, access_token=token)["errcode"] == 61011
    )


def test_a_token_serves_its_own_platform_only(platform: Platform) -> None:
    token = platform.token()
    platform.register(app_id="wxcomponent00000002")
    refused = platform.post("api_create_preauthcode", {"component_appid": "wxcomponent00000002"}, access_token=token)
    assert refused["errcode"] == 61011


def test_the_platforms_own_quota(platform: Platform) -> None:
    platform.register(limits={"/cgi-bin/component/api_create_preauthcode": 1})
    token = platform.token()
    assert "pre_auth_code" in platform.call("api_create_preauthcode", token=token)
    assert platform.call("api_create_preauthcode", token=token)["errcode"] == 45009
    assert platform.call("clear_quota", token=token)["errcode"] == 0
    assert "pre_auth_code" in platform.call("api_create_preauthcode", token=token)
    assert errcode(platform, "clear_quota/v2", appsecret=COMPONENT["app_secret"]) == 0
    assert errcode(platform, "clear_quota/v2", appsecret="wrong") == 40125
