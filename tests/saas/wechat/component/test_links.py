"""Whose a code and a returning browser are, and WeChat's two pages."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import text

from saas import clock
from saas.config import Config
from saas.db import db, new_id
from saas.tenancy.scope import TenantRecord, enter, enter_directory, system_scope
from saas.wechat.component.api import PreAuth
from saas.wechat.component.links import Place, addresses, find_by_code, find_by_state, open_way
from tests.factories.component import COMPONENT

HOSTS = Config(wechat_mp_url="https://mp.test", wechat_open_url="https://open.test")


@pytest.fixture
def place(tenant: TenantRecord) -> Place:
    return Place(tenant.id, new_id())


def opened(place: Place, seconds: int = 600) -> tuple[str, str]:
    """The code, and the state of the address to come back to."""
    with enter_directory():
        code, back = open_way(place, PreAuth(f"pre-{new_id().hex}", seconds), lambda state: state)
        db.session.commit()
    return code, back


def test_a_code_and_its_way_back_lead_to_the_account(place: Place) -> None:
    code, state = opened(place)
    with enter_directory():
        assert (find_by_code(code), find_by_state(state)) == (place, place)
        assert (find_by_code(state), find_by_state(code)) == (None, None)


def test_a_closed_way_leads_nowhere_but_wechat_may_tell_late(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    code, state = opened(place)
    later = clock.now() + timedelta(seconds=600) + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    with enter_directory():
        assert find_by_state(state) is None
        assert find_by_code(code) == place


def test_neither_is_kept_in_clear_nor_seen_by_a_brand(app: Flask, place: Place, tenant: TenantRecord) -> None:
    code, state = opened(place)
    with enter(system_scope(tenant)):
        assert find_by_code(code) is None
    with enter_directory():
        rows = db.session.execute(text("SELECT row_to_json(p)::text FROM pre_auth_codes p")).scalars().all()
    assert not [row for row in rows if code in row or state in row]


def test_both_pages_carry_code_and_way_back() -> None:
    way = addresses(HOSTS, COMPONENT, "pre@@@1", "https://us.test/authorise/back/s?x=1&y=2")
    computer, phone = urlsplit(way.computer), urlsplit(way.phone)
    assert (computer.netloc, computer.path) == ("mp.test", "/cgi-bin/componentloginpage")
    assert (phone.netloc, phone.path, phone.fragment) == (
        "open.test",
        "/wxaopen/safe/bindcomponent",
        "wechat_redirect",
    )
    common = {
        "component_appid": [COMPONENT.app_id],
        "pre_auth_code": ["pre@@@1"],
        "redirect_uri": ["https://us.test/authorise/back/s?x=1&y=2"],
        "auth_type": ["1"],
    }
    assert parse_qs(computer.query) == common
    assert parse_qs(phone.query) == {"action": ["bindcomponent"], "no_scan": ["1"], **common}


def test_a_pinned_account_leaves_no_choice() -> None:
    query = parse_qs(urlsplit(addresses(HOSTS, COMPONENT, "c", "b", app_id="wx1").computer).query)
    assert query["biz_appid"] == ["wx1"]
    assert "auth_type" not in query
