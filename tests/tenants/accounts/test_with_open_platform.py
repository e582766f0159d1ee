"""Connecting by a scan, with the simulator in the place of Tencent: from the link to the answered message, and back."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
import requests
from flask import Flask
from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat.component.errors import TicketMissing
from saas.wechat.consume import run_once
from saas.wechat.errors import WeChatError
from tenants.accounts import services
from tenants.accounts.errors import AuthorisationWithdrawn
from tenants.accounts.models import Connection
from tenants.accounts.services import Condition, Kind, Outcome
from tests.factories.accounts import make_account, make_connected
from tests.factories.component import COMPONENT
from tests.factories.owners import Owner, returned, way_to
from tests.factories.people import make_tenant
from tests.factories.scans import settled


@pytest.fixture
def app(simulated: Flask) -> Flask:
    """The application, whose WeChat is the simulator."""
    return simulated


def connected(account_id: UUID) -> Connection:
    return services.access_connection(account_id)


def test_from_the_link_to_the_first_answered_message(
    app: Flask, tenant: TenantRecord, doorway: str, register: Any, owner: Owner
) -> None:
    register()
    with enter(system_scope(tenant)):
        account = make_account(name="云岫外滩店")
        state = returned(app, owner.confirm(way_to(account.id)))
        assert settled(tenant, "authorized") == [("authorized", "connected"), ("returned", "connected")]
        connection = connected(account.id)
        assert (connection.connection, connection.mode, connection.app_id) == ("component", "safe", owner.app_id)
        assert connection.original_id.startswith("gh_")
        assert connection.name
        assert {1, 2, 3, 7, 11, 15} == set(connection.permission_sets)
        result = services.scan_result(state)
        assert (result.outcome, result.account, result.wechat_name) == (
            Outcome.CONNECTED,
            "云岫外滩店",
            connection.name,
        )
        health = services.check_connection(account.id, callback_base=doorway)
        db.session.commit()
        assert [(step.name, step.state.value) for step in health.steps] == [
            ("callback", "ok"), ("token", "ok"), ("message", "waiting"),
        ]  # fmt: skip
        openid = owner.sim("/fans", {"count": 1})["openids"][0]
        told = owner.sim(f"/fans/{openid}/acts", {"type": "text", "content": "在吗"})
        assert told["status"] in ("answered", "empty"), told
        db.session.rollback()
        run_once()
        db.session.expire_all()
        assert connected(account.id).last_callback_at is not None
        assert services.client_of(account.id).create_qrcode("door").url


def test_each_kind_of_account_answers_at_its_own_address_alone(
    app: Flask, tenant: TenantRecord, doorway: str, register: Any, owner: Owner
) -> None:
    register()
    with enter(system_scope(tenant)):
        make_connected(make_account(name="云岫").id, app_id="wxdirectone000001")
        store = make_account(Kind.STORE, parent_id=services.list_parents()[0].id)
        returned(app, owner.confirm(way_to(store.id)))
        settled(tenant)
    component = f"{doorway}/wechat/component/{COMPONENT.app_id}"
    own = {f"{component}/{owner.app_id}", f"{doorway}/wechat/wxdirectone000001"}
    foreign = {f"{component}/wxdirectone000001", f"{doorway}/wechat/{owner.app_id}", f"{component}x/{owner.app_id}"}
    answers = {url: requests.post(url, data="<xml></xml>", timeout=9).status_code for url in own | foreign}
    assert answers == dict.fromkeys(own, 403) | dict.fromkeys(foreign, 404)


@pytest.mark.parametrize("first", ["event", "browser"])
def test_whichever_comes_first_connects(
    app: Flask, tenant: TenantRecord, register: Any, owner: Owner, first: str
) -> None:
    register(event_delay=-1 if first == "browser" else 0)
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        location = owner.confirm(way_to(account.id))
        if first == "browser":
            returned(app, location)
        assert settled(tenant, "authorized" if first == "event" else "returned")[0][1] == "connected"
        assert connected(account.id).is_authorised
        returned(app, location)
        assert {outcome for _kind, outcome in settled(tenant)} == {"connected"}


def test_a_code_is_used_once(app: Flask, tenant: TenantRecord, register: Any, owner: Owner) -> None:
    register(event_delay=-1)
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        location = owner.confirm(way_to(account.id))
        returned(app, location)
        assert settled(tenant) == [("returned", "connected")]
        returned(app, location)
        assert settled(tenant) == [("returned", "connected")], "told twice it is kept once"
    stranger = make_tenant()
    with enter(system_scope(stranger)):
        other = make_account(name="别人")
        code = parse_qs(urlsplit(location).query)["auth_code"][0]
        way = parse_qs(urlsplit(way_to(other.id)).query)["redirect_uri"][0]
        returned(app, f"{way}?auth_code={code}")
        assert settled(stranger) == [("returned", "refused")]
        assert services.find_connection(other.id) is None


def test_an_account_of_another_brand_is_not_taken(
    app: Flask, tenant: TenantRecord, register: Any, owner: Owner
) -> None:
    register()
    with enter(system_scope(tenant)):
        account_id = make_account(name="云岫").id
        returned(app, owner.confirm(way_to(account_id)))
        settled(tenant)
    stranger = make_tenant()
    with enter(system_scope(stranger)):
        other = make_account(name="别人")
        state = returned(app, owner.confirm(way_to(other.id)))
        assert ("returned", "taken") in settled(stranger)
        assert services.scan_result(state).outcome is Outcome.TAKEN
        assert services.find_connection(other.id) is None
    with enter(system_scope(tenant)):
        services.client_of(account_id).fetch_token()  # the newer grant went to the account that is connected


def test_another_account_does_not_push_out_the_one_that_stands_here(
    app: Flask, tenant: TenantRecord, register: Any, owner: Owner, tencent: str
) -> None:
    register()
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        make_connected(account.id, app_id="wxstandshere00001")
        way = way_to(account.id)
        assert "biz_appid=wxstandshere00001" in way
        state = returned(app, owner.confirm(way.replace("biz_appid=wxstandshere00001", "auth_type=1")))
        settled(tenant)
        assert services.scan_result(state).outcome is Outcome.OTHER_ACCOUNT
        assert connected(account.id).connection == "direct"


def test_withdrawn_and_given_again(app: Flask, tenant: TenantRecord, register: Any, owner: Owner) -> None:
    register()
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        returned(app, owner.confirm(way_to(account.id)))
        settled(tenant)
        old = services.invite_to_scan(services.access_with_connection(account.id))
        owner.withdraw()
        assert ("unauthorized", "withdrawn") in settled(tenant, "unauthorized")
        assert services.condition_of(services.access_with_connection(account.id)) is Condition.TROUBLE
        with pytest.raises(AuthorisationWithdrawn):
            services.client_of(account.id)
        returned(app, owner.confirm(services.start_scan(old.token, lambda state: f"http://localhost/{state}").phone))
        settled(tenant)
        assert not connected(account.id).is_withdrawn
        assert services.count_troubled() == 0
        services.client_of(account.id).fetch_token()


def test_another_choice_of_sets_is_read_anew(app: Flask, tenant: TenantRecord, register: Any, owner: Owner) -> None:
    register()
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        returned(app, owner.confirm(way_to(account.id)))
        settled(tenant)
        owner.confirm(way_to(account.id), set=["1", "2"])
        assert ("updateauthorized", "connected") in settled(tenant, "updateauthorized")
        assert set(connected(account.id).permission_sets) == {1, 2}
        with pytest.raises(WeChatError) as refused:
            services.client_of(account.id).create_qrcode("door")
        assert refused.value.errcode in (48001, 61007)


def test_tokens_are_renewed_and_the_last_refresh_token_kept(
    app: Flask, tenant: TenantRecord, register: Any, owner: Owner
) -> None:
    register(rotate=True)
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        returned(app, owner.confirm(way_to(account.id)))
        settled(tenant)
        for _ in range(4):
            services.client_of(account.id).fetch_token()
        services.client_of(account.id).get_current_menu()


def test_without_a_ticket_wechat_is_asked_for_one(app: Flask, tenant: TenantRecord, tencent: str) -> None:
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        with pytest.raises((TicketMissing, WeChatError)):
            way_to(account.id)


def test_from_typed_secrets_to_a_scan_of_the_same_account(
    app: Flask, tenant: TenantRecord, register: Any, owner: Owner
) -> None:
    register()
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        make_connected(account.id, app_id=owner.app_id, mode="compatible")
        returned(app, owner.confirm(way_to(account.id)))
        settled(tenant)
        connection = connected(account.id)
        assert (connection.connection, connection.mode) == ("component", "safe")
        assert (connection.app_secret, connection.token, connection.encoding_aes_key) == (None, None, None)
        services.disconnect_account(services.access_account(account.id))
        db.session.commit()
        assert db.session.scalar(text("SELECT count(*) FROM wechat_tokens")) == 0
