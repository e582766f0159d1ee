"""The pages of fans and of the message log."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from saas.db import db
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.fans.services import tag_fans
from tests.factories.accounts import Tree
from tests.factories.fans import START, answered, fan_of, make_fan, make_fans, new_openid, observed, row, text
from tests.factories.people import Member
from tests.factories.queries import count_queries

Browse = Callable[[Member], FlaskClient]


def base(tenant: TenantRecord, account_id: object) -> str:
    return f"/t/{tenant.id}/a/{account_id}/fans"


def token(browser: FlaskClient, url: str) -> str:
    page = browser.get(url).get_data(as_text=True)
    return page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize("fans", [2, 30])
def test_the_list_shows_fans_in_a_fixed_number_of_queries(
    tenant: TenantRecord, brand_tree: Tree, hq: Member, browse: Browse, fans: int
) -> None:
    with enter(system_scope(tenant)):
        made = make_fans(brand_tree.bund, [new_openid() for _ in range(fans)], remark="常点燕麦拿铁")
        tag_fans(made, "老客户")
        db.session.commit()
    browser = browse(hq)
    browser.get(base(tenant, brand_tree.bund))
    with count_queries() as queries:
        page = browser.get(f"{base(tenant, brand_tree.bund)}?q=燕麦&state=subscribed&active=&sort=-last_active_at")
    assert page.status_code == 200
    assert page.get_data(as_text=True).count("老客户</a>") == fans
    assert len(queries) <= 24, queries


def test_an_empty_list_says_what_it_is_for(tenant: TenantRecord, brand_tree: Tree, hq: Member, browse: Browse) -> None:
    browser = browse(hq)
    assert browser.get(base(tenant, brand_tree.bund)).status_code == 200
    assert browser.get(f"{base(tenant, brand_tree.bund)}?q=nobody").status_code == 200
    assert browser.get(f"{base(tenant, brand_tree.bund)}/messages").status_code == 200
    assert (
        browser.get(f"{base(tenant, brand_tree.bund)}/messages?q=nothing&from=2026-11-01&to=2026-11-30").status_code
        == 200
    )


def test_chosen_fans_are_tagged_and_untagged(
    tenant: TenantRecord, brand_tree: Tree, hq: Member, browse: Browse
) -> None:
    with enter(system_scope(tenant)):
        fans = make_fans(brand_tree.bund, [new_openid() for _ in range(3)])
    browser, url = browse(hq), base(tenant, brand_tree.bund)
    values = {
        "csrf_token": token(browser, url),
        "tag": "店庆",
        "ids[]": [str(fan.id) for fan in fans[:2]],
        "act": "add",
    }
    assert browser.post(f"{url}/tags", data=values).status_code == 302
    assert browser.get(url).get_data(as_text=True).count("店庆</a>") == 2
    assert browser.post(f"{url}/tags", data={**values, "act": "remove"}).status_code == 302
    assert "店庆</a>" not in browser.get(url).get_data(as_text=True)
    assert browser.post(f"{url}/tags", data={**values, "ids[]": []}).status_code == 422


def test_fans_of_another_store_can_not_be_tagged(
    tenant: TenantRecord, brand_tree: Tree, keeper: Member, browse: Browse
) -> None:
    with enter(system_scope(tenant)):
        fan = make_fan(brand_tree.lake)
    browser, url = browse(keeper), base(tenant, brand_tree.bund)
    values = {"csrf_token": token(browser, url), "tag": "x", "ids[]": [str(fan.id)], "act": "add"}
    assert browser.post(f"{url}/tags", data=values).status_code == 404
    assert browser.get(f"{url}/{fan.id}").status_code == 404


def test_the_files_hold_no_formulas(tenant: TenantRecord, brand_tree: Tree, hq: Member, browse: Browse) -> None:
    with enter(system_scope(tenant)):
        make_fan(brand_tree.bund, remark="=HYPERLINK(1)")
    browser, url = browse(hq), base(tenant, brand_tree.bund)
    listed = browser.get(f"{url}/export.csv")
    assert "'=HYPERLINK(1)" in listed.get_data().decode("utf-8-sig")
    assert browser.get(f"{url}/export.xlsx").get_data().startswith(b"PK")


def test_a_fan_page_shows_the_talk_and_takes_notes(
    tenant: TenantRecord, brand_tree: Tree, hq: Member, browse: Browse
) -> None:
    openid = new_openid()
    with enter(system_scope(tenant)):
        observed(row(brand_tree.bund, text(openid, "第一句"), at=START - timedelta(days=1)))
        observed(
            *(
                row(
                    brand_tree.bund,
                    text(openid, f"第{n}问"),
                    at=START + timedelta(minutes=n),
                    answer=answered(f"第{n}答"),
                )
                for n in range(40)
            )
        )
        fan = fan_of(brand_tree.bund, openid)
    browser, url = browse(hq), f"{base(tenant, brand_tree.bund)}/{fan.id}"
    page = browser.get(url).get_data(as_text=True)
    assert "第39答" in page
    assert "第一句" not in page
    cursor = page.split("?cursor=", 1)[1].split('"', 1)[0]
    assert "第一句" in browser.get(f"{url}?cursor={cursor}", headers={"HX-Request": "true"}).get_data(as_text=True)
    notes = {"csrf_token": token(browser, url), "remark": "常客", "tags": "老客户，外卖", "version": "1"}
    assert browser.post(url, data=notes).status_code == 302
    assert "老客户" in browser.get(url).get_data(as_text=True)
    assert browser.post(url, data={**notes, "remark": "x"}).status_code == 412


def test_one_fan_is_handed_out_and_forgotten(
    tenant: TenantRecord, brand_tree: Tree, hq: Member, browse: Browse
) -> None:
    openid = new_openid()
    with enter(system_scope(tenant)):
        observed(row(brand_tree.bund, text(openid, "我的电话 13800000000"), answer=answered()))
        fan = fan_of(brand_tree.bund, openid)
    browser, url = browse(hq), f"{base(tenant, brand_tree.bund)}/{fan.id}"
    sent = {"csrf_token": token(browser, url)}
    handed = browser.post(f"{url}/export", data=sent)
    assert json.loads(handed.data)["fans"]["messages"][0]["content"] == "我的电话 13800000000"
    assert datetime.fromisoformat(json.loads(handed.data)["exported_at"]).utcoffset() is not None
    assert browser.post(f"{url}/erase", data=sent).status_code == 302
    assert "13800000000" not in browser.get(url).get_data(as_text=True)
    assert "13800000000" not in browser.get(f"{base(tenant, brand_tree.bund)}/messages").get_data(as_text=True)


@pytest.mark.parametrize("lines", [2, 25])
def test_the_log_shows_messages_in_a_fixed_number_of_queries(
    tenant: TenantRecord, brand_tree: Tree, hq: Member, browse: Browse, lines: int
) -> None:
    with enter(system_scope(tenant)):
        observed(*(row(brand_tree.bund, text(new_openid(), "几点开门"), answer=answered()) for _ in range(lines)))
    browser = browse(hq)
    browser.get(f"{base(tenant, brand_tree.bund)}/messages")
    with count_queries() as queries:
        page = browser.get(f"{base(tenant, brand_tree.central)}/messages?author=fan&q=开门")
    assert page.get_data(as_text=True).count("几点开门") == lines
    assert len(queries) <= 20, queries


def test_the_log_is_to_be_had_as_a_file(tenant: TenantRecord, brand_tree: Tree, hq: Member, browse: Browse) -> None:
    with enter(system_scope(tenant)):
        observed(row(brand_tree.bund, text(new_openid(), "=1+1"), answer=answered("每天八点")))
    browser, url = browse(hq), f"{base(tenant, brand_tree.bund)}/messages"
    assert "export.csv?author=fan" in browser.get(f"{url}?author=fan").get_data(as_text=True)
    listed = browser.get(f"{url}/export.csv").get_data().decode("utf-8-sig")
    assert "'=1+1" in listed
    assert "每天八点" in listed
    assert "每天八点" not in browser.get(f"{url}/export.csv?author=fan").get_data().decode("utf-8-sig")
    assert browser.get(f"{url}/export.xlsx").get_data().startswith(b"PK")
