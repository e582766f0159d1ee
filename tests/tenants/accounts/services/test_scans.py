"""What was heard of an authorisation, worked on: in any order, twice, late, and for the wrong account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from saas import clock
from saas.db import db, new_id
from saas.jobs.models import JobRow
from saas.tenancy.directory import find_account
from saas.tenancy.scope import TenantScope, enter, system_scope
from saas.wechat.component.api import Authorizer
from saas.wechat.component.events import Change, ChangeKind
from saas.wechat.errors import WeChatError
from saas.wechat.ports import Mode
from tenants.accounts import services
from tenants.accounts.errors import AuthorisationWithdrawn, ConnectedByScan
from tenants.accounts.models import AuthorisationEvent, Connection
from tenants.accounts.services import Condition, Outcome, scans
from tests.factories.accounts import Tree, connection_values, make_account, make_connected
from tests.factories.component import COMPONENT
from tests.factories.people import make_tenant

NOW = 1_760_000_000


@pytest.fixture
def app(platform: Flask) -> Iterator[Flask]:
    """The application of a deployment that is a platform."""
    with platform.app_context():
        yield platform


@dataclass
class FakePlatform:
    """In place of Tencent: a scan gives this account, or an error."""

    app_id: str = ""
    errcode: int | None = 0
    has_tokens: bool = False
    renewed: int | None = 0
    told: dict[str, Any] = field(default_factory=dict)

    def redeem(self, _place: object, _code: str, *, connected_to: str) -> str:
        if self.errcode != 0:
            raise WeChatError(self.errcode)
        return self.app_id

    def renew(self, _place: object, _app_id: str) -> None:
        if self.renewed != 0:
            raise WeChatError(self.renewed)

    def read_authorizer(self, app_id: str) -> Authorizer:
        known = {"original_id": "gh_1", "name": "云岫", "service_type": "subscription", "verified": False}
        more = {"is_mini_program": False, "permission_sets": (1, 2)}
        return Authorizer(app_id=app_id, **{**known, **more, **self.told})


@pytest.fixture
def tencent(monkeypatch: pytest.MonkeyPatch) -> FakePlatform:
    fake = FakePlatform(app_id=f"wx{new_id().hex[-16:]}")
    monkeypatch.setattr(scans, "redeem", fake.redeem)
    monkeypatch.setattr(scans, "read_authorizer", fake.read_authorizer)
    monkeypatch.setattr(scans, "renew", fake.renew)
    monkeypatch.setattr(scans, "has_tokens", lambda _place, _app_id: fake.has_tokens)
    return fake


def heard(account_id: Any, kind: ChangeKind, *, at: int = NOW, **values: str) -> Outcome:
    """Notes a change and works on it at once."""
    code = "" if kind is ChangeKind.UNAUTHORIZED else values.pop("code", "code@1")
    services.NotedAuthorisations().note(
        account_id, Change(kind=kind, happened_at=at, code=code, app_id=values.get("app_id", ""))
    )
    db.session.flush()
    event = db.session.scalars(select(AuthorisationEvent).order_by(AuthorisationEvent.id.desc()).limit(1)).one()
    services.take_authorisation(event.id)
    db.session.commit()
    return Outcome(event.outcome)


def test_a_scan_connects(tree: Tree, tencent: FakePlatform, scope: TenantScope) -> None:
    assert heard(tree.bund, ChangeKind.RETURNED) is Outcome.CONNECTED
    connection = services.access_connection(tree.bund)
    assert (connection.connection, connection.mode, connection.app_id) == ("component", "safe", tencent.app_id)
    assert (connection.service_type, connection.verified, connection.permission_sets) == ("subscription", False, [1, 2])
    assert find_account(tencent.app_id) == (scope.tenant.id, tree.bund)
    planned = sorted(db.session.scalars(select(JobRow.name)))
    assert planned == ["accounts.take_authorisation", "fans.sync_followers"]


def test_the_gateway_gets_the_platforms_keys(tree: Tree, tencent: FakePlatform) -> None:
    heard(tree.bund, ChangeKind.RETURNED)
    keys = services.StoredAccounts().find(tencent.app_id)
    assert keys is not None
    assert (keys.token, keys.encoding_aes_key, keys.mode) == (COMPONENT.token, COMPONENT.aes_key, Mode.SAFE)
    assert (keys.sealed_for, keys.owner, keys.app_id) == (COMPONENT.app_id, COMPONENT.app_id, tencent.app_id)
    make_connected(tree.lake, app_id="wxdirect0000001")
    direct = services.StoredAccounts().find("wxdirect0000001")
    assert direct is not None
    assert (direct.sealed_for, direct.owner) == ("", "wxdirect0000001")


def test_without_the_platform_its_accounts_take_nothing(whole_app: Flask, tree: Tree, tencent: FakePlatform) -> None:
    heard(tree.bund, ChangeKind.RETURNED)
    with whole_app.app_context():
        assert services.StoredAccounts().find(tencent.app_id) is None


def test_told_twice_it_is_worked_on_once(tree: Tree, tencent: FakePlatform) -> None:
    heard(tree.bund, ChangeKind.RETURNED)
    heard(tree.bund, ChangeKind.RETURNED)
    assert db.session.scalar(select(func.count()).select_from(AuthorisationEvent)) == 1


@pytest.mark.parametrize("errcode", [-1, None, 61005, 40001])
def test_what_may_work_in_a_moment_is_tried_again(tree: Tree, tencent: FakePlatform, errcode: int | None) -> None:
    tencent.errcode = errcode
    with pytest.raises(WeChatError):
        heard(tree.bund, ChangeKind.RETURNED)
    db.session.rollback()


def test_a_refusal_is_kept_with_its_number(tree: Tree, tencent: FakePlatform) -> None:
    tencent.errcode = 61010
    assert heard(tree.bund, ChangeKind.RETURNED) is Outcome.REFUSED
    event = db.session.scalars(select(AuthorisationEvent)).one()
    assert (event.errcode, event.code) == (61010, None)
    assert services.find_connection(tree.bund) is None


def test_the_second_telling_of_a_scan_finds_its_code_used(tree: Tree, tencent: FakePlatform) -> None:
    now = int(clock.now().timestamp())
    assert heard(tree.bund, ChangeKind.AUTHORIZED, at=now, app_id=tencent.app_id) is Outcome.CONNECTED
    tencent.errcode, tencent.has_tokens = 61010, True
    assert heard(tree.bund, ChangeKind.RETURNED, at=now) is Outcome.CONNECTED
    assert heard(tree.bund, ChangeKind.RETURNED, at=now + 9999, code="made up") is Outcome.REFUSED


def test_a_worker_that_died_after_the_code_was_used_goes_on(tree: Tree, tencent: FakePlatform) -> None:
    tencent.errcode, tencent.has_tokens = 61010, True
    assert heard(tree.bund, ChangeKind.AUTHORIZED, app_id=tencent.app_id) is Outcome.CONNECTED


def test_one_telling_waits_for_the_other_but_not_for_ever(tree: Tree, tencent: FakePlatform) -> None:
    tencent.errcode = 61010
    told = Change(kind=ChangeKind.AUTHORIZED, happened_at=NOW, code="1", app_id=tencent.app_id)
    services.NotedAuthorisations().note(tree.bund, told)
    assert heard(tree.bund, ChangeKind.RETURNED, code="1") is Outcome.OPEN
    later = db.session.scalars(select(JobRow).where(JobRow.due_at > func.now())).one()
    db.session.execute(text("UPDATE authorisation_events SET received_at = now() - interval '11 minutes'"))
    db.session.expire_all()
    services.take_authorisation(UUID(later.arguments["event_id"]))
    outcomes = select(AuthorisationEvent.outcome).order_by(AuthorisationEvent.kind)
    assert list(db.session.scalars(outcomes)) == [Outcome.OPEN, Outcome.REFUSED]


@pytest.mark.parametrize("kind", [ChangeKind.UPDATED, ChangeKind.RETURNED])
def test_tokens_that_the_scan_has_ended_do_not_connect(tree: Tree, tencent: FakePlatform, kind: ChangeKind) -> None:
    heard(tree.bund, ChangeKind.AUTHORIZED, app_id=tencent.app_id)
    tencent.errcode, tencent.has_tokens, tencent.renewed = 61010, True, 61023
    assert heard(tree.bund, kind, at=NOW + 60, code="2", app_id=tencent.app_id) is Outcome.REFUSED
    tencent.renewed = None
    with pytest.raises(WeChatError):
        heard(tree.bund, kind, at=NOW + 90, code="3", app_id=tencent.app_id)
    db.session.rollback()


def test_what_is_not_for_this_place(tree: Tree, tencent: FakePlatform) -> None:
    make_connected(tree.lake, app_id="wxstands00000001")
    assert heard(tree.lake, ChangeKind.RETURNED) is Outcome.OTHER_ACCOUNT
    tencent.told = {"is_mini_program": True}
    assert heard(tree.bund, ChangeKind.RETURNED, code="2") is Outcome.MINI_PROGRAM
    tencent.told, tencent.app_id = {}, "wxstands00000001"
    assert heard(tree.bund, ChangeKind.RETURNED, code="3") is Outcome.TAKEN
    services.archive_account(services.access_account(tree.canton))
    assert heard(tree.canton, ChangeKind.RETURNED, code="4") is Outcome.ARCHIVED
    assert services.access_connection(tree.lake).connection == "direct"


def test_a_taken_account_of_another_brand(tree: Tree, tencent: FakePlatform) -> None:
    heard(tree.bund, ChangeKind.RETURNED)
    with enter(system_scope(make_tenant())):
        assert heard(make_account().id, ChangeKind.RETURNED) is Outcome.TAKEN


def test_a_withdrawal_ends_sending_and_forgets_the_tokens(tree: Tree, tencent: FakePlatform) -> None:
    heard(tree.bund, ChangeKind.RETURNED)
    db.session.execute(
        text("INSERT INTO wechat_tokens (tenant_id, account_id) VALUES (app_tenant(), :id)"), {"id": tree.bund}
    )
    assert heard(tree.bund, ChangeKind.UNAUTHORIZED, at=NOW + 1, app_id=tencent.app_id) is Outcome.WITHDRAWN
    connection = services.access_connection(tree.bund)
    assert connection.condition(clock.now()) is Condition.TROUBLE
    assert services.count_troubled() == 1
    assert db.session.scalar(text("SELECT count(*) FROM wechat_tokens")) == 0
    with pytest.raises(AuthorisationWithdrawn):
        services.client_of(tree.bund)
    assert services.health_of(connection).steps[1].reason == "withdrawn"
    assert list(services.connected_ids()) == [], "no job asks WeChat for it day after day"
    assert heard(tree.bund, ChangeKind.RETURNED, at=NOW + 2, code="again") is Outcome.CONNECTED
    assert (connection.is_withdrawn, services.count_troubled()) == (False, 0)


def test_a_late_or_strange_withdrawal_changes_nothing(tree: Tree, tencent: FakePlatform) -> None:
    heard(tree.bund, ChangeKind.RETURNED)
    make_connected(tree.lake, app_id="wxdirect00000009")
    late = heard(tree.bund, ChangeKind.UNAUTHORIZED, at=NOW - 1, app_id=tencent.app_id)
    other = heard(tree.bund, ChangeKind.UNAUTHORIZED, at=NOW + 5, app_id="wxsomethingelse")
    direct = heard(tree.lake, ChangeKind.UNAUTHORIZED, at=NOW + 6, app_id="wxdirect00000009")
    assert {late, other, direct} == {Outcome.IGNORED}
    assert not services.access_connection(tree.bund).is_withdrawn


def test_what_wechat_tells_can_not_be_typed(tree: Tree, tencent: FakePlatform) -> None:
    heard(tree.bund, ChangeKind.RETURNED)
    account = services.access_account(tree.bund)
    with pytest.raises(ConnectedByScan):
        services.connect_account(account, connection_values())
    with pytest.raises(ConnectedByScan):
        services.connect_account(account, {"mode": "plain"})
    assert services.connect_account(account, {"mode": "safe", "app_id": tencent.app_id, "token": ""}).is_authorised


def test_after_a_disconnection_both_ways_are_open(tree: Tree, tencent: FakePlatform) -> None:
    heard(tree.bund, ChangeKind.RETURNED)
    services.disconnect_account(services.access_account(tree.bund))
    db.session.commit()
    assert find_account(tencent.app_id) is None
    connection = services.find_connection(tree.bund)
    assert isinstance(connection, Connection)
    assert (connection.permission_sets, connection.authorised_at) == ([], None)
    assert make_connected(tree.bund, app_id=tencent.app_id).connection == "direct"


def test_a_link_is_of_one_authorisation(tree: Tree, tencent: FakePlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    first = services.invite_to_scan(services.access_with_connection(tree.bund))
    assert first.expires_at - clock.now() > timedelta(days=6)
    assert services.open_invitation(first.token).app_id == ""
    heard(tree.bund, ChangeKind.RETURNED)
    second = services.invite_to_scan(services.access_with_connection(tree.bund))
    assert services.open_invitation(second.token).app_id == tencent.app_id
