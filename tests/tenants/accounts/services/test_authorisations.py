"""Comparing an authorisation with what WeChat says: what it changes, and when it keeps its hands off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text

from saas import clock
from saas.db import db
from saas.jobs.models import JobRow
from saas.tenancy.scope import enter, system_scope
from saas.wechat import versions
from saas.wechat.component.api import Authorizer
from saas.wechat.component.events import Change, ChangeKind
from saas.wechat.errors import WeChatError
from tenants.accounts import services
from tenants.accounts.models import Connection
from tenants.accounts.services import StepState, authorisations, connections
from tests.factories.accounts import Tree, make_account, make_connected
from tests.factories.component import AUTHORIZER, authorise
from tests.factories.people import make_tenant


@pytest.fixture
def app(platform: Flask) -> Iterator[Flask]:
    with platform.app_context():
        yield platform


@dataclass
class Tencent:
    """What WeChat says of an account; `meanwhile` happens while it is asked."""

    told: Authorizer = AUTHORIZER
    errcode: int | None = 0
    renewed: int | None = 0
    meanwhile: Callable[[], object] = lambda: None

    def read_authorizer(self, _app_id: str) -> Authorizer:
        self.meanwhile()
        if self.errcode != 0:
            raise WeChatError(self.errcode)
        return self.told

    def renew(self, _place: object, _app_id: str) -> None:
        if self.renewed != 0:
            raise WeChatError(self.renewed)


@pytest.fixture
def tencent(monkeypatch: pytest.MonkeyPatch) -> Tencent:
    fake = Tencent()
    monkeypatch.setattr(authorisations, "read_authorizer", fake.read_authorizer)
    monkeypatch.setattr(authorisations, "renew", fake.renew)
    return fake


def checked(account_id: UUID) -> Connection:
    services.check_authorisation(account_id)
    db.session.commit()
    return services.access_connection(account_id)


def planned() -> list[str]:
    query = select(JobRow.arguments["account_id"].astext).where(JobRow.name == services.CHECK_JOB)
    return list(db.session.scalars(query))


def test_what_wechat_says_is_kept(tree: Tree, tencent: Tencent) -> None:
    authorise(tree.bund)
    before = versions.current(tree.bund)
    assert checked(tree.bund).permission_sets == [1, 2, 15]
    assert versions.current(tree.bund) == before, "nothing has changed"
    tencent.told = replace(AUTHORIZER, permission_sets=(1,), name="云岫新名")
    connection = checked(tree.bund)
    assert (connection.permission_sets, connection.name) == ([1], "云岫新名")
    assert versions.current(tree.bund) == before + 1


def test_a_token_that_is_renewed_no_more_is_trouble_until_it_is(tree: Tree, tencent: Tencent) -> None:
    authorise(tree.bund)
    tencent.renewed = 61023
    connection = checked(tree.bund)
    assert (connection.is_withdrawn, services.count_troubled()) == (False, 1)
    assert services.health_of(connection).steps[1].reason == "61023"
    tencent.renewed = 0
    assert services.health_of(checked(tree.bund)).steps[1].state is StepState.OK
    assert services.count_troubled() == 0


@pytest.mark.parametrize("errcode", [-1, None, 61004, 61005])
def test_what_says_nothing_of_the_authorisation_changes_nothing(
    tree: Tree, tencent: Tencent, errcode: int | None
) -> None:
    authorise(tree.bund)
    tencent.errcode = errcode
    with pytest.raises(WeChatError):
        checked(tree.bund)
    assert not services.access_connection(tree.bund).is_withdrawn


def test_a_scan_meanwhile_knows_better(tree: Tree, tencent: Tencent) -> None:
    authorise(tree.bund)
    tencent.errcode = 61003

    def worked_on() -> None:
        db.session.execute(text("UPDATE connections SET authorised_at = now()"))

    tencent.meanwhile = worked_on
    assert not checked(tree.bund).is_withdrawn

    def heard() -> None:
        told = Change(kind=ChangeKind.AUTHORIZED, happened_at=int(clock.now().timestamp()), app_id="wx1", code="c")
        services.NotedAuthorisations().note(tree.bund, told)

    tencent.meanwhile = heard
    assert not checked(tree.bund).is_withdrawn


def test_who_is_asked_about_by_night(tree: Tree, tencent: Tencent) -> None:
    for account_id in (tree.bund, tree.lake, tree.canton):
        authorise(account_id)
    make_connected(tree.east)
    connections.withdraw_authorisation(services.access_connection(tree.lake), moment=clock.now())
    services.archive_account(services.access_account(tree.canton))
    with enter(system_scope(make_tenant())):
        authorise(make_account().id)
    services.plan_checks()
    assert planned() == [str(tree.bund)]


def test_without_a_platform_nobody_is(whole_app: Flask, tree: Tree) -> None:
    authorise(tree.bund)
    with whole_app.app_context():
        services.plan_checks()
        assert planned() == []


def test_a_doubt_is_looked_at_once(tree: Tree) -> None:
    authorise(tree.bund)
    authorise(tree.lake)
    for account_id in (tree.bund, tree.bund, tree.lake):
        services.doubt_authorisation(account_id)
    assert sorted(planned()) == sorted([str(tree.bund), str(tree.lake)])
    db.session.execute(text("UPDATE jobs SET created_at = now() - interval '11 minutes'"))
    services.doubt_authorisation(tree.bund)
    assert planned().count(str(tree.bund)) == 2


def test_what_is_not_authorised_is_not_asked_about(tree: Tree, tencent: Tencent) -> None:
    make_connected(tree.bund)
    tencent.errcode = 61003
    services.check_authorisation(tree.bund)
    services.check_authorisation(tree.lake)
    assert services.access_connection(tree.bund).connection == "direct"
