"""The pages of a scan: without a log-in where they are handed out, and in words whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas import clock
from saas.auth.roles import Role
from saas.db import db, new_id
from saas.tenancy.scope import NO_TENANT, TenantRecord, TenantScope, enter, enter_directory, system_scope
from saas.wechat.component.api import PreAuth
from saas.wechat.component.links import Place, open_way
from saas.wechat.errors import WeChatError
from tenants.accounts import services
from tenants.accounts.models import AuthorisationEvent
from tenants.accounts.services import Outcome, connections, invitations
from tenants.accounts.views.permission_sets import USED, describe_sets
from tests.factories.accounts import Tree, make_account, make_connected
from tests.factories.component import AUTHORIZER, authorise
from tests.factories.people import Member, browser_of, make_tenant

Holding = Callable[..., Member]


@pytest.fixture
def app(platform: Flask) -> Iterator[Flask]:
    with platform.app_context():
        yield platform


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    """A browser that nobody has logged in with."""
    return app.test_client()


@pytest.fixture
def headquarters(app: Flask, holding: Holding) -> FlaskClient:
    return browser_of(app, holding(Role.BRAND_HQ))


def page_of(tree: Tree, scope: TenantScope, path: str) -> str:
    return f"/t/{scope.tenant.id}/a/{tree.bund}/account{path}"


def invited(account_id: Any) -> str:
    """The token of a link."""
    return services.invite_to_scan(services.access_with_connection(account_id)).token


def way_back(tenant_id: Any, account_id: Any) -> str:
    """The state of an open way."""
    with enter_directory():
        _code, state = open_way(Place(tenant_id, account_id), PreAuth(f"c{clock.now()}", 600), lambda state: state)
        db.session.commit()
    return state


def test_the_code_and_the_link_are_shown(headquarters: FlaskClient, tree: Tree, scope: TenantScope) -> None:
    page = headquarters.get(page_of(tree, scope, "/scan")).text
    assert "data:image/svg+xml" in page
    assert "http://localhost/authorise/" in page
    assert 'referrerpolicy="origin"' in page
    waiting = headquarters.get(page_of(tree, scope, "/scan/state?since=")).text
    assert "hx-get" in waiting


def test_the_page_notices_the_scan(headquarters: FlaskClient, tree: Tree, scope: TenantScope) -> None:
    authorise(tree.bund)
    done = headquarters.get(page_of(tree, scope, "/scan/state?since=")).text
    assert "hx-get" not in done
    assert AUTHORIZER.name in done


def test_only_who_may_connect_sees_it(app: Flask, holding: Holding, tree: Tree, scope: TenantScope) -> None:
    manager = browser_of(app, holding(Role.STORE_MANAGER, tree.bund))
    assert manager.get(page_of(tree, scope, "/scan")).status_code == 403
    stranger = browser_of(app, holding(Role.BRAND_HQ))
    with enter(system_scope(make_tenant())):
        foreign = make_account().id
    assert stranger.get(f"/t/{scope.tenant.id}/a/{foreign}/account/scan").status_code == 404


def test_an_invitation_opens_without_a_log_in(anybody: FlaskClient, tree: Tree, scope: TenantScope) -> None:
    page = anybody.get(f"/authorise/{invited(tree.bund)}").text
    assert scope.tenant.name in page
    assert "外滩店" in page
    assert anybody.get("/authorise/forged.token").status_code == 404


def test_on_a_phone_in_wechat_the_phones_way_comes_first(anybody: FlaskClient, tree: Tree) -> None:
    address = f"/authorise/{invited(tree.bund)}"
    phone = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"}
    assert 'btn-primary scan-way" href="' + address + "/phone" in anybody.get(address, headers=phone).text
    assert 'btn-primary scan-way" href="' + address + "/computer" in anybody.get(address).text


def test_a_link_ends_after_a_week_or_with_the_next_scan(
    anybody: FlaskClient, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = invited(tree.bund)
    with monkeypatch.context() as patch:
        patch.setattr(invitations, "LASTS", timedelta(seconds=-1))
        over = anybody.get(f"/authorise/{token}")
    authorise(tree.bund)
    used = anybody.get(f"/authorise/{token}")
    assert (over.status_code, used.status_code) == (410, 409)
    assert "已过期" in over.text
    assert "已使用" in used.text


def test_no_link_comes_back_to_life(
    headquarters: FlaskClient, anybody: FlaskClient, tree: Tree, scope: TenantScope
) -> None:
    tokens, waiting = [invited(tree.bund)], page_of(tree, scope, "/scan/state?since=")
    for connect in (authorise, authorise, make_connected, authorise):
        connect(tree.bund)
        tokens.append(invited(tree.bund))
        db.session.commit()
        assert headquarters.post(page_of(tree, scope, "/disconnect")).status_code == 302
        db.session.expire_all()
        assert {anybody.get(f"/authorise/{token}").status_code for token in tokens} == {409}
        assert "hx-get" in headquarters.get(waiting).text, "disconnected is not connected"
        tokens.append(invited(tree.bund))
        assert anybody.get(f"/authorise/{tokens[-1]}").status_code == 200


def test_an_archived_account_invites_nobody(anybody: FlaskClient, tree: Tree) -> None:
    token = invited(tree.bund)
    services.archive_account(services.access_account(tree.bund))
    db.session.commit()
    assert anybody.get(f"/authorise/{token}").status_code == 404


def test_the_way_leads_to_wechat(
    anybody: FlaskClient, tree: Tree, scope: TenantScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Api:
        def create_pre_auth_code(self) -> PreAuth:
            return PreAuth(f"pre@{new_id()}", 600)

    monkeypatch.setattr("saas.wechat.component.scans.component_api", Api)
    answer = anybody.get(f"/authorise/{invited(tree.bund)}/computer")
    assert answer.status_code == 302
    assert answer.location.startswith("https://mp.weixin.qq.com/cgi-bin/componentloginpage?")
    assert "redirect_uri=http%3A%2F%2Flocalhost%2Fauthorise%2Fback%2F" in answer.location
    assert answer.headers["Referrer-Policy"] == "origin", "WeChat looks whether one comes from our domain"
    phone = anybody.get(f"/authorise/{invited(tree.lake)}/phone")
    assert phone.location.endswith("#wechat_redirect")


def test_without_a_ticket_the_way_says_so(anybody: FlaskClient, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saas.wechat.component.api.ComponentApi._post", no_answer)
    answer = anybody.get(f"/authorise/{invited(tree.bund)}/computer")
    assert answer.status_code in (502, 503)
    assert "微信" in answer.text


def no_answer(*_: Any) -> dict[str, Any]:
    raise WeChatError(None)


def test_who_comes_back_sends_the_code_on(
    anybody: FlaskClient, tenant: TenantRecord, tree: Tree, scope: TenantScope
) -> None:
    state = way_back(tenant.id, tree.bund)
    page = anybody.get(f"/authorise/back/{state}?auth_code=auth@1&expires_in=600").text
    assert 'value="auth@1"' in page
    assert 'hx-trigger="load, submit"' in page
    answer = anybody.post(f"/authorise/back/{state}", data={"auth_code": "auth@1"})
    assert "hx-get" in answer.text, "asks again until a job has looked at it"
    event = db.session.scalars(db.select(AuthorisationEvent)).one()
    assert (event.account_id, event.kind, event.outcome) == (tree.bund, "returned", "")
    assert b"auth@1" not in bytes(event.code or b"")


@pytest.mark.parametrize("code", ["", " ", "x" * 513])
def test_a_code_that_is_none_is_refused(anybody: FlaskClient, tenant: TenantRecord, tree: Tree, code: str) -> None:
    state = way_back(tenant.id, tree.bund)
    assert anybody.post(f"/authorise/back/{state}", data={"auth_code": code}).status_code == 422


def test_a_way_that_was_never_open_leads_nowhere(anybody: FlaskClient) -> None:
    for answer in (
        anybody.get("/authorise/back/nobody?auth_code=x"),
        anybody.post("/authorise/back/nobody", data={"auth_code": "x"}),
        anybody.get("/authorise/back/nobody/result"),
    ):
        assert answer.status_code == 404


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in ("", "withdrawn", "ignored")])
def test_every_outcome_has_its_words(
    anybody: FlaskClient, tenant: TenantRecord, tree: Tree, scope: TenantScope, outcome: Outcome
) -> None:
    state = way_back(tenant.id, tree.bund)
    anybody.post(f"/authorise/back/{state}", data={"auth_code": f"auth-{outcome}"})
    event = db.session.scalars(db.select(AuthorisationEvent)).one()
    event.outcome, event.errcode = outcome, 61010 if outcome == "refused" else None
    db.session.commit()
    told = anybody.get(f"/authorise/back/{state}/result").text
    assert "alert" in told
    assert "hx-get" not in told
    assert ("61010" in told) == (outcome == "refused")


def test_the_account_page_tells_what_was_given(headquarters: FlaskClient, tree: Tree, scope: TenantScope) -> None:
    authorise(tree.bund)
    page = headquarters.get(page_of(tree, scope, "")).text
    assert AUTHORIZER.name in page
    assert page.count("未授权") == len(USED) - len(AUTHORIZER.permission_sets)
    assert "互斥" in page
    assert "收不到消息" not in page
    form = headquarters.get(page_of(tree, scope, "/connect")).text
    assert 'name="mode"' not in form
    assert "wizard-steps" not in headquarters.get(page_of(tree, scope, "/check")).text


def test_a_withdrawal_is_told_and_leads_to_a_new_scan(
    headquarters: FlaskClient, tree: Tree, scope: TenantScope
) -> None:
    authorise(tree.bund)
    connections.withdraw_authorisation(services.access_connection(tree.bund), moment=clock.now())
    db.session.commit()
    page = headquarters.get(page_of(tree, scope, "")).text
    assert "被取消" in page
    assert "alert-danger" in page
    assert "/account/scan" in page


def test_an_unconnected_account_offers_both_ways(headquarters: FlaskClient, tree: Tree, scope: TenantScope) -> None:
    page = headquarters.get(page_of(tree, scope, "")).text
    assert "/account/scan" in page
    assert "/account/connect" in page


def test_the_sets_that_are_missing_come_first() -> None:
    lines = describe_sets((1, 2))
    assert [line.is_given for line in lines] == [False] * (len(USED) - 2) + [True] * 2
    needed = [line.set.is_needed for line in lines if not line.is_given]
    assert needed == sorted(needed, reverse=True)
    assert {number for number, one in USED.items() if one.is_exclusive} == {4, 54}


def test_the_finish_is_audited_without_the_code(
    anybody: FlaskClient, tenant: TenantRecord, tree: Tree, scope: TenantScope
) -> None:
    state = way_back(tenant.id, tree.bund)
    anybody.post(f"/authorise/back/{state}", data={"auth_code": "CANARY-code"})
    with enter(system_scope(replace(tenant, id=NO_TENANT))):
        told = db.session.execute(
            db.text("SELECT row_to_json(a)::text FROM audit_entries a WHERE action = 'accounts.scan_finish'")
        ).scalars()
        entries = list(told)
    assert entries
    assert not [entry for entry in entries if "CANARY" in entry or state in entry]


def test_a_deployment_without_a_platform_says_so(whole_app: Flask, tenant: TenantRecord, holding: Holding) -> None:
    with whole_app.app_context(), enter(system_scope(tenant)):
        account_id = make_account().id
        make_connected(account_id)
        browser = browser_of(whole_app, holding(Role.BRAND_HQ))
        page = browser.get(f"/t/{tenant.id}/a/{account_id}/account/scan")
        assert page.status_code == 200
        assert "尚未开通" in page.text
        assert browser.get("/authorise/any-token").status_code == 404
