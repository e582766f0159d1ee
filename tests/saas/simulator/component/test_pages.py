"""The pages of authorisation, as a browser's forms see them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.saas.simulator.component.platform import COMPONENT, Platform
from tests.saas.simulator.echo import APP_ID

PC, PHONE = "/cgi-bin/componentloginpage", "/wxaopen/safe/bindcomponent"
BACK = "https://example.test/accounts/back?state=7"
YES = {"account": APP_ID, "set": ["1", "2"], "answer": "confirm"}


def query(platform: Platform, **changes: str) -> dict[str, str]:
    code = platform.call("api_create_preauthcode")["pre_auth_code"]
    found = {"component_appid": COMPONENT["app_id"], "pre_auth_code": code, "redirect_uri": BACK, "auth_type": "1"}
    return {**found, **changes}


def send(platform: Platform, values: dict[str, Any], *, path: str = PC, **changes: str) -> Any:
    return platform.box.client.post(path, query_string=query(platform, **changes), data=values)


@pytest.mark.parametrize("path", [PC, PHONE, "/safe/bindcomponent"])
def test_what_is_asked_is_shown_in_both_languages(platform: Platform, path: str) -> None:
    page = platform.box.client.get(path, query_string=query(platform)).text
    assert "“千店”申请管理您的公众号" in page
    assert "山间咖啡" in page
    assert "群发与通知" in page
    english = platform.box.client.get(path, query_string=query(platform, lang="en")).text
    assert "千店 asks to act for your Official Account" in english


def test_a_yes_leads_back_with_a_code_and_grants_what_was_ticked(platform: Platform) -> None:
    answer = send(platform, YES)
    assert answer.status_code == 302
    back = urlsplit(answer.location)
    found = parse_qs(back.query)
    assert (back.netloc, back.path, found["state"], found["expires_in"]) == (
        "example.test",
        "/accounts/back",
        ["7"],
        ["600"],
    )
    info = platform.call("api_query_auth", authorization_code=found["auth_code"][0])["authorization_info"]
    assert [one["funcscope_category"]["id"] for one in info["func_info"]] == [1, 2]
    platform.wait("authorized")


def test_the_policy_lets_the_form_lead_back_there_only(platform: Platform) -> None:
    policy = platform.box.client.get(PC, query_string=query(platform)).headers["Content-Security-Policy"]
    assert "form-action 'self' https://example.test;" in policy
    assert "default-src 'none'" in policy


def test_a_new_account_is_made_on_the_page(platform: Platform) -> None:
    new = {**YES, "account": "new", "name": "城西体验店", "kind": "subscription"}
    assert send(platform, new, path=PHONE).status_code == 302
    [event] = platform.wait("authorized")
    info = platform.call("api_get_authorizer_info", authorizer_appid=event["AuthorizerAppid"])["authorizer_info"]
    assert (info["nick_name"], info["service_type_info"], info["verify_type_info"]) == (
        "城西体验店",
        {"id": 0},
        {"id": -1},
    )


def test_a_no_grants_nothing_and_the_link_stays_good(platform: Platform) -> None:
    address = query(platform)
    answer = platform.box.client.post(PC, query_string=address, data={**YES, "answer": "refuse"})
    assert "没有授权任何权限" in answer.text
    assert platform.box.client.get(PC, query_string=address).status_code == 200
    assert platform.box.client.get("/_sim/component/authorizers").json["items"] == []


@pytest.mark.parametrize(
    "wrong", [{"account": "wxnobody"}, {"account": ""}, {"set": []}, {"set": ["99"]}, {"account": "new", "name": " "}]
)
def test_a_form_half_filled_is_shown_again(platform: Platform, wrong: dict[str, Any]) -> None:
    answer = send(platform, {**YES, **wrong})
    assert answer.status_code == 422
    assert "请选择公众号，并至少勾选一项权限" in answer.text


def test_what_was_filled_in_stays(platform: Platform) -> None:
    page = send(platform, {"account": "new", "name": "滨江书房", "answer": "confirm"}).text
    assert 'value="滨江书房"' in page
    assert 'value="new" checked' in page
    assert not re.search(r'name="set" value="\d+" checked', page)


@pytest.mark.parametrize(
    "wrong",
    [{"component_appid": ""}, {"component_appid": "wxother"}, {"pre_auth_code": "x"}, {"redirect_uri": ""}, {"redirect_uri": "javascript:alert(1)"},
     {"redirect_uri": "https://a b/"}, {"redirect_uri": "https://a;x/"}, {"redirect_uri": "http://[/"}, {"auth_type": "2"}],
)  # fmt: skip
def test_an_address_that_opens_nothing(platform: Platform, wrong: dict[str, str]) -> None:
    assert platform.box.client.get(PC, query_string=query(platform, **wrong)).status_code == 400
    assert send(platform, YES, **wrong).status_code == 400


def test_a_used_link_opens_nothing(platform: Platform) -> None:
    address = query(platform)
    assert platform.box.client.post(PC, query_string=address, data=YES).status_code == 302
    again = platform.box.client.post(PC, query_string=address, data=YES)
    assert (again.status_code, "链接已使用或已过期" in again.text) == (400, True)


def test_a_link_lives_half_an_hour(platform: Platform) -> None:
    address = query(platform)
    platform.box.pass_time(1800)
    assert platform.box.client.get(PC, query_string=address).status_code == 400


def test_a_link_can_be_had_without_the_platform(platform: Platform) -> None:
    made = platform.box.client.post("/_sim/component/link", json={"redirect_uri": BACK}).json
    for path in (made["computer"], made["phone"]):
        assert platform.box.client.get(path).status_code == 200


def test_one_account_may_be_named_in_the_address(platform: Platform) -> None:
    [other] = platform.box.client.post("/_sim/component/newcomers", json={"count": 1}).json["items"]
    page = platform.box.client.get(PC, query_string=query(platform, biz_appid=APP_ID)).text
    assert other["app_id"] not in page
    assert 'value="new"' not in page
    assert send(platform, {**YES, "account": other["app_id"]}, biz_appid=APP_ID).status_code == 422
    assert send(platform, {**YES, "account": "new", "name": "x"}, biz_appid=APP_ID).status_code == 422


def test_the_address_may_ask_for_less(platform: Platform) -> None:
    send(platform, YES, category_id_list="1|7")
    assert platform.box.client.get("/_sim/component/authorizers").json["items"][0]["sets"] == [1]


def test_who_has_authorised_can_change_it(platform: Platform) -> None:
    platform.authorise()
    assert "可调整权限" in platform.box.client.get(PC, query_string=query(platform)).text
    send(platform, YES)
    platform.wait("updateauthorized")
