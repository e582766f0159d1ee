"""From the code to an account's token: single use, lifetimes, renewal, permission sets, and the end."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.saas.simulator.component.platform import Platform
from tests.saas.simulator.conftest import SECRET
from tests.saas.simulator.echo import APP_ID


def refresh(platform: Platform, token: str) -> Any:
    return platform.call("api_authorizer_token", authorizer_appid=APP_ID, authorizer_refresh_token=token)


def ids(info: Any) -> list[int]:
    return [one["funcscope_category"]["id"] for one in info["func_info"]]


def tags(platform: Platform, token: str) -> Any:
    return platform.box.client.get("/cgi-bin/tags/get", query_string={"access_token": token}).json


def test_a_code_becomes_a_grant_once(platform: Platform) -> None:
    code = platform.authorise(sets=[1, 2])["auth_code"]
    info = platform.call("api_query_auth", authorization_code=code)["authorization_info"]
    assert (info["authorizer_appid"], info["expires_in"], ids(info)) == (APP_ID, 7200, [1, 2])
    assert platform.call("api_query_auth", authorization_code=code)["errcode"] == 61010
    assert platform.call("api_query_auth", authorization_code="unknown")["errcode"] == 61009


def test_a_code_lives_ten_minutes(platform: Platform) -> None:
    code = platform.authorise()["auth_code"]
    platform.box.pass_time(600)
    assert platform.call("api_query_auth", authorization_code=code)["errcode"] == 61010


def test_the_events_code_is_as_good(platform: Platform) -> None:
    back = platform.authorise()
    [event] = platform.wait("authorized")
    assert (event["AuthorizerAppid"], event["PreAuthCode"]) == (APP_ID, back["pre_auth_code"])
    assert int(event["AuthorizationCodeExpiredTime"]) > 0
    for code in (event["AuthorizationCode"], back["auth_code"]):
        assert "authorization_info" in platform.call("api_query_auth", authorization_code=code)


def test_the_events_code_may_be_the_same(platform: Platform) -> None:
    platform.register(equal_codes=True)
    back = platform.authorise()
    [event] = platform.wait("authorized")
    assert event["AuthorizationCode"] == back["auth_code"]
    assert "authorization_info" in platform.call("api_query_auth", authorization_code=back["auth_code"])
    assert platform.call("api_query_auth", authorization_code=back["auth_code"])["errcode"] == 61010


def test_a_preauth_code_serves_once(platform: Platform) -> None:
    code = platform.call("api_create_preauthcode")["pre_auth_code"]
    assert "auth_code" in platform.authorise(pre_auth_code=code)
    assert "error" in platform.authorise(pre_auth_code=code)


def test_the_refresh_token_stays_unless_the_platform_rotates(platform: Platform) -> None:
    first = platform.granted()["authorizer_refresh_token"]
    assert refresh(platform, first)["authorizer_refresh_token"] == first
    platform.register(rotate=True)
    second = refresh(platform, first)["authorizer_refresh_token"]
    assert second != first
    assert refresh(platform, first)["authorizer_refresh_token"] == second, "the answer may have been lost"
    assert refresh(platform, second)["authorizer_refresh_token"] != second
    assert refresh(platform, first)["errcode"] == 61023


def test_authorising_again_ends_the_older_refresh_token(platform: Platform) -> None:
    first, second = (platform.granted()["authorizer_refresh_token"] for _ in range(2))
    assert refresh(platform, first)["errcode"] == 61023
    assert "authorizer_access_token" in refresh(platform, second)


def test_a_changed_set_is_told_an_equal_one_is_not(platform: Platform) -> None:
    first, _, changed = [platform.authorise(sets=sets)["pre_auth_code"] for sets in ([1, 2], [1, 2], [1])]
    platform.wait("updateauthorized")
    time.sleep(0.3)  # a second one would be on its way
    assert [event["PreAuthCode"] for event in platform.wait("updateauthorized")] == [changed]
    assert [event["PreAuthCode"] for event in platform.wait("authorized")] == [first]
    listed = platform.box.client.get("/_sim/component/authorizers").json["items"]
    assert [one["sets"] for one in listed] == [[1]]


def test_an_event_may_never_come(platform: Platform) -> None:
    platform.register(event_delay=-1)
    platform.granted()
    platform.box.client.post("/_sim/component/ticket", json={})
    assert {event["InfoType"] for event in platform.events} == {"component_verify_ticket"}


def test_an_account_token_works_as_any_other(platform: Platform) -> None:
    token = platform.granted()["authorizer_access_token"]
    assert "tags" in tags(platform, token)
    platform.box.pass_time(7200)
    assert tags(platform, token)["errcode"] == 42001


@pytest.mark.parametrize(("sets", "refused"), [([1, 3], 61007), ([2], 0)])
def test_a_missing_set_is_refused(platform: Platform, sets: list[int], refused: int) -> None:
    assert tags(platform, platform.granted(sets=sets)["authorizer_access_token"]).get("errcode", 0) == refused


def test_what_was_taken_back_is_over(platform: Platform) -> None:
    info = platform.granted()
    assert platform.box.client.post("/_sim/component/revoke", json={"authorizer_appid": APP_ID}).json == {
        "revoked": True
    }
    assert platform.box.client.post("/_sim/component/revoke", json={"authorizer_appid": APP_ID}).json == {
        "revoked": False
    }
    [event] = platform.wait("unauthorized")
    assert event["AuthorizerAppid"] == APP_ID
    assert tags(platform, info["authorizer_access_token"])["errcode"] == 40001
    assert refresh(platform, info["authorizer_refresh_token"])["errcode"] == 61003
    assert platform.call("api_get_authorizer_info", authorizer_appid=APP_ID)["errcode"] == 61003
    platform.granted()
    assert tags(platform, info["authorizer_access_token"])["errcode"] == 40001, "another grant does not wake it"


def test_the_accounts_own_token_stays_apart(platform: Platform) -> None:
    own, info = platform.box.token(), platform.granted()
    platform.box.client.post("/_sim/component/revoke", json={"authorizer_appid": APP_ID})
    assert "tags" in tags(platform, own)
    assert SECRET not in str(info)


def test_who_an_account_is(platform: Platform) -> None:
    refreshed = platform.granted(sets=[1, 4])["authorizer_refresh_token"]
    told = platform.call("api_get_authorizer_info", authorizer_appid=APP_ID)
    info = told["authorizer_info"]
    assert (info["nick_name"], info["user_name"]) == ("山间咖啡", "gh_5f0c2a9d17be")
    assert (info["service_type_info"], info["verify_type_info"]) == ({"id": 2}, {"id": 0})
    assert ids(told["authorization_info"]) == [1, 4]
    assert told["authorization_info"]["authorizer_refresh_token"] == refreshed
    assert "confirm_info" in told["authorization_info"]["func_info"][1]


def test_the_list_of_accounts_by_pages(platform: Platform) -> None:
    more = platform.box.client.post("/_sim/component/newcomers", json={"count": 2}).json["items"]
    for app_id in (APP_ID, *(one["app_id"] for one in more)):
        platform.authorise(app_id)
    page = platform.call("api_get_authorizer_list", offset=1, count=1)
    assert (page["total_count"], [one["authorizer_appid"] for one in page["list"]]) == (3, [more[0]["app_id"]])
    assert page["list"][0]["auth_time"] > 0
    for wrong in ({"offset": 0, "count": 501}, {"offset": "a", "count": 1}):
        assert platform.call("api_get_authorizer_list", **wrong)["errcode"] == 40035


def test_options(platform: Platform) -> None:
    platform.granted()
    names = {"authorizer_appid": APP_ID, "option_name": "location_report"}
    assert platform.call("api_get_authorizer_option", **names)["option_value"] == "0"
    assert platform.call("set_authorizer_option", **names, option_value="2")["errcode"] == 0
    assert platform.call("get_authorizer_option", **names)["option_value"] == "2"
    assert platform.call("set_authorizer_option", **names, option_value="7")["errcode"] == 40035
    assert platform.call("get_authorizer_option", **{**names, "option_name": "colour"})["errcode"] == 40035
