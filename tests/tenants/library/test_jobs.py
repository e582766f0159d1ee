"""A picture from the library to a fan's phone: uploaded by the job, answered by the rule, over real addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from saas.config import Config
from saas.db import db
from saas.jobs.models import JobRow
from saas.jobs.runner import run_job
from saas.simulator.app import create_app as create_simulator
from saas.simulator.settings import SimulatorSettings
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.library import services
from tests.conftest import running
from tests.factories.accounts import connection_values, make_account, make_connected
from tests.factories.door import door_of
from tests.factories.rules import make_rule
from tests.saas.simulator.echo import serving
from tests.tenants.library.test_domain import PNG


@pytest.fixture
def tencent(tmp_path: Path) -> Iterator[str]:
    with serving(create_simulator(SimulatorSettings(database=tmp_path / "simulator.sqlite3"))) as address:
        yield address


@pytest.fixture
def app(config: Config, tencent: str) -> Iterator[Flask]:
    """The application, whose WeChat is the simulator."""
    with running(replace(config, wechat_api_url=tencent, wechat_mp_url=tencent)) as made, made.app_context():
        yield made


def test_a_picture_reaches_the_phone(app: Flask, tenant: TenantRecord, tencent: str) -> None:
    values = connection_values()
    with enter(system_scope(tenant)):
        account_id = make_account(name="云岫").id
        make_connected(account_id, **values)
        media = services.create_media(kind="image", name="海报", content=PNG)
        trigger = {"type": "keyword", "match": "exact", "value": "海报"}
        make_rule(account_id, triggers=[trigger], replies=[{"type": "image", "media_id": str(media.id)}])
        job_id = db.session.scalars(select(JobRow.id).where(JobRow.name == services.UPLOAD_JOB)).one()
    with serving(door_of(app)) as doorway:
        admin = register(tencent, doorway, values)
        assert ask(admin)["status"] == "empty"
        run_job(str(tenant.id), str(job_id))
        assert ask(admin)["reply"]["type"] == "image"


def register(tencent: str, doorway: str, values: dict[str, object]) -> str:
    account = {**values, "name": "云岫", "callback_url": f"{doorway}/wechat/{values['app_id']}"}
    assert requests.post(f"{tencent}/_sim/accounts", json=account, timeout=5).ok
    admin = f"{tencent}/_sim/accounts/{values['app_id']}"
    openid = requests.post(f"{admin}/fans", json={"count": 1}, timeout=5).json()["openids"][0]
    return f"{admin}/fans/{openid}/acts"


def ask(acts: str) -> dict[str, dict[str, str]]:
    answer: dict[str, dict[str, str]] = requests.post(acts, json={"type": "text", "content": "海报"}, timeout=9).json()
    return answer
