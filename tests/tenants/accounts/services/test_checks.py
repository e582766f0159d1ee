"""The self-test: each step, what it finds, and in which words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from saas import clock
from saas.db import db
from saas.errors import NotFound
from saas.jobs.models import JobRow
from saas.tenancy.scope import enter, system_scope
from tenants.accounts import services
from tenants.accounts.errors import NotConnected
from tenants.accounts.services import Condition, Health, checks
from tenants.accounts.views.words import explain
from tests.factories.accounts import Tree, make_connected
from tests.factories.door import door_of
from tests.factories.people import make_tenant
from tests.saas.simulator.echo import serving
from tests.tenants.accounts.conftest import FakeWeChat

NOWHERE = "http://127.0.0.1:9"
PIECE = 64 * 1024


@pytest.fixture
def doorway(whole_app: Flask) -> Iterator[str]:
    """The application behind a real address."""
    with serving(door_of(whole_app)) as address:
        yield address


def found(health: Health) -> dict[str, tuple[str, str]]:
    return {step.name: (step.state.value, step.reason) for step in health.steps}


def test_all_is_well_but_nobody_has_written(tree: Tree, wechat: FakeWeChat, doorway: str) -> None:
    make_connected(tree.bund)
    health = services.check_connection(tree.bund, callback_base=doorway)
    assert found(health) == {"callback": ("ok", ""), "token": ("ok", ""), "message": ("waiting", "")}
    connection = services.access_connection(tree.bund)
    assert connection.condition(clock.now()) is Condition.UNTESTED


def test_a_message_is_noticed(tree: Tree) -> None:
    connection = make_connected(tree.bund)
    services.record_callbacks({tree.bund: clock.now()})
    db.session.commit()
    db.session.refresh(connection)
    assert found(services.health_of(connection))["message"] == ("ok", "")
    assert connection.condition(clock.now()) is Condition.WELL
    assert connection.condition(clock.now() + timedelta(days=4)) is Condition.SILENT


def test_our_address_does_not_answer(tree: Tree, wechat: FakeWeChat) -> None:
    make_connected(tree.bund)
    health = services.check_connection(tree.bund, callback_base=NOWHERE)
    assert found(health)["callback"] == ("failed", "unreached")
    assert services.access_connection(tree.bund).condition(clock.now()) is Condition.TROUBLE
    assert NOWHERE in explain(health.steps[0], NOWHERE)
    assert "EncodingAESKey" in explain(health.steps[2], NOWHERE), (
        "a token typed wrong at WeChat is known to WeChat alone"
    )


def test_a_proxy_in_between_is_named(tree: Tree, wechat: FakeWeChat, doorway: str) -> None:
    make_connected(tree.bund)
    health = services.check_connection(tree.bund, callback_base=f"{doorway}/elsewhere")
    assert found(health)["callback"] == ("failed", "status 404")
    assert "404" in explain(health.steps[0], doorway)


def test_our_address_is_asked_without_the_proxies_of_the_environment(
    tree: Tree, wechat: FakeWeChat, doorway: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_connected(tree.bund)
    for name in ("http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, NOWHERE)
    assert found(services.check_connection(tree.bund, callback_base=doorway))["callback"] == ("ok", "")


def test_a_token_refused_for_want_of_an_authorisation_has_it_looked_at(tree: Tree, wechat: FakeWeChat) -> None:
    make_connected(tree.bund)
    wechat.errcode = 61003
    assert found(services.check_connection(tree.bund, callback_base=NOWHERE))["token"] == ("failed", "61003")
    assert services.CHECK_JOB in db.session.scalars(select(JobRow.name)).all()


def test_who_leads_elsewhere_is_not_followed(tree: Tree, wechat: FakeWeChat, doorway: str) -> None:
    make_connected(tree.bund)
    with serving(Request.application(lambda request: redirect(f"{doorway}{request.full_path}"))) as address:
        health = services.check_connection(tree.bund, callback_base=address)
    assert found(health)["callback"] == ("failed", "status 302")


def test_an_answer_without_end_is_not_read_to_it(tree: Tree, wechat: FakeWeChat) -> None:
    make_connected(tree.bund)
    sent: list[int] = []

    def flood() -> Iterator[bytes]:
        for _ in range(1000):
            sent.append(PIECE)
            yield b" " * PIECE

    with serving(Request.application(lambda _request: Response(flood()))) as address:
        health = services.check_connection(tree.bund, callback_base=address)
    assert found(health)["callback"] == ("failed", "echo")
    assert sum(sent) < 1000 * PIECE


def test_an_answer_that_drips_ends_with_the_time_for_all_of_it(
    tree: Tree, wechat: FakeWeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_connected(tree.bund)
    monkeypatch.setattr(checks, "SECONDS", 0.4)
    over = threading.Event()

    def drip() -> Iterator[bytes]:
        while not over.wait(0.1):
            yield b" "

    with serving(Request.application(lambda _request: Response(drip()))) as address:
        health = services.check_connection(tree.bund, callback_base=address)  # while it drips: else it would never end
        over.set()
    assert found(health)["callback"] == ("failed", "unreached")


@pytest.mark.parametrize(("errcode", "reason"), [(40125, "40125"), (40164, "40164"), (None, "unreached")])
def test_wechat_refuses_the_secret(tree: Tree, wechat: FakeWeChat, errcode: int | None, reason: str) -> None:
    make_connected(tree.bund)
    wechat.errcode = errcode
    health = services.check_connection(tree.bund, callback_base=NOWHERE)
    assert found(health)["token"] == ("failed", reason)
    assert explain(health.steps[1], NOWHERE)


def test_without_a_secret_wechat_is_not_asked(tree: Tree) -> None:
    make_connected(tree.bund, app_secret="")
    health = services.check_connection(tree.bund, callback_base=NOWHERE)
    assert found(health)["token"] == ("failed", "no_secret")


def test_findings_stay(tree: Tree, wechat: FakeWeChat) -> None:
    make_connected(tree.bund)
    health = services.check_connection(tree.bund, callback_base=NOWHERE)
    db.session.commit()
    db.session.expire_all()
    assert services.health_of(services.access_connection(tree.bund)) == health


def test_only_what_is_connected_and_ours_is_tested(app: Flask, tree: Tree) -> None:
    with pytest.raises(NotConnected):
        services.check_connection(tree.bund, callback_base=NOWHERE)
    with enter(system_scope(make_tenant())), pytest.raises(NotFound):
        services.check_connection(tree.bund, callback_base=NOWHERE)
