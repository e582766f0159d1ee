"""Connecting an account, with the simulator in the place of Tencent: every step over real addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from flask import Flask

from saas.config import Config
from saas.db import db
from saas.simulator.app import create_app as create_simulator
from saas.simulator.settings import SimulatorSettings
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat.consume import run_once
from tenants.accounts import services
from tests.conftest import running
from tests.factories.accounts import connection_values, make_account
from tests.factories.door import door_of
from tests.factories.people import make_tenant
from tests.saas.simulator.echo import serving

VALUES = connection_values(app_id="wx0f1e2d3c4b5a6978")


@pytest.fixture
def tencent(tmp_path: Path) -> Iterator[str]:
    with serving(create_simulator(SimulatorSettings(database=tmp_path / "simulator.sqlite3"))) as address:
        yield address


@pytest.fixture
def app(config: Config, tencent: str) -> Iterator[Flask]:
    """The application, whose WeChat is the simulator."""
    with running(replace(config, wechat_api_url=tencent, wechat_mp_url=tencent)) as made, made.app_context():
        yield made


@pytest.fixture
def doorway(app: Flask) -> Iterator[str]:
    with serving(door_of(app)) as address:
        yield address


def register(tencent: str, doorway: str, **changes: object) -> str:
    """Registers the account with Tencent; the address of its administrative API."""
    account = {**VALUES, "name": "云岫", "callback_url": f"{doorway}/wechat/{VALUES['app_id']}", **changes}
    assert requests.post(f"{tencent}/_sim/accounts", json=account, timeout=5).ok
    return f"{tencent}/_sim/accounts/{VALUES['app_id']}"


def states(account_id: object, doorway: str) -> dict[str, str]:
    health = services.check_connection(account_id, callback_base=doorway)  # type: ignore[arg-type]
    return {step.name: f"{step.state.value}{step.reason}" for step in health.steps}


def test_from_the_form_to_the_first_answered_message(tenant: TenantRecord, tencent: str, doorway: str) -> None:
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        services.connect_account(account, VALUES)
        channel = services.create_channel(account_id=account.id, node_id=account.id, name="台卡")
        db.session.commit()
        admin = register(tencent, doorway)
        assert requests.post(f"{admin}/verify", timeout=5).json() == {"verified": True}
        assert states(account.id, doorway) == {"callback": "ok", "token": "ok", "message": "waiting"}
        services.make_code(channel.id)
        db.session.commit()
        assert channel.state == "ready"
        assert requests.get(channel.image_url, timeout=5).headers["Content-Type"].startswith("image/")
        openid = requests.post(f"{admin}/fans", json={"count": 1}, timeout=5).json()["openids"][0]
        requests.post(f"{admin}/fans/{openid}/acts", json={"type": "text", "content": "在吗"}, timeout=9)
        db.session.rollback()
        run_once()
        db.session.expire_all()
        assert states(account.id, doorway)["message"] == "ok"


def test_a_wrong_secret_is_told_in_wechats_words(tencent: str, doorway: str) -> None:
    with enter(system_scope(make_tenant())):
        account = make_account(name="云岫")
        services.connect_account(account, {**VALUES, "app_id": "wx00000000deadbeef"})
        db.session.commit()
        assert states(account.id, doorway)["token"] == "failed40013"
