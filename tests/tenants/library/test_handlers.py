"""WeChat's id of a file when a message needs it: kept, made, made again when WeChat refused it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
import requests
from flask import Flask

from saas import clock
from saas.config import Config
from saas.db import db, new_id
from saas.errors import NotFound
from saas.simulator.app import create_app as create_simulator
from saas.simulator.settings import SimulatorSettings
from saas.tenancy.scope import TenantRecord, TenantScope, enter, system_scope
from tenants.library import services
from tenants.library.handlers import wechat_copy
from tenants.library.models import Media, MediaUpload
from tests.conftest import running
from tests.factories.accounts import connection_values, make_account, make_connected
from tests.factories.people import make_tenant
from tests.saas.simulator.echo import serving
from tests.tenants.library.test_domain import PNG


@pytest.fixture
def tencent(tmp_path: Path) -> Iterator[str]:
    """A WeChat."""
    with serving(create_simulator(SimulatorSettings(database=tmp_path / "simulator.sqlite3"))) as address:
        yield address


@pytest.fixture
def app(config: Config, tencent: str) -> Iterator[Flask]:
    """The application, whose WeChat is the simulator."""
    with running(replace(config, wechat_api_url=tencent, wechat_mp_url=tencent)) as made, made.app_context():
        yield made


@pytest.fixture
def account_id(scope: TenantScope, tencent: str) -> UUID:
    """A connected account."""
    values = connection_values()
    account_id = make_account(name="云岫").id
    make_connected(account_id, **values)
    assert requests.post(f"{tencent}/_sim/accounts", json={**values, "name": "云岫"}, timeout=5).ok
    return account_id


@pytest.fixture
def media(account_id: UUID) -> Media:
    """A picture of the brand's."""
    return services.create_media(kind="image", name="海报", content=PNG)


def test_a_copy_is_made_once_and_kept(media: Media, account_id: UUID) -> None:
    first = wechat_copy(media.id, account_id)
    assert first
    assert wechat_copy(media.id, account_id) == first
    assert services.resolve_media([media.id], account_id) == {media.id: first}


def test_one_that_wechat_refused_is_replaced(media: Media, account_id: UUID) -> None:
    first = wechat_copy(media.id, account_id)
    second = wechat_copy(media.id, account_id, refused=first)
    assert second != first
    assert wechat_copy(media.id, account_id, refused=first) == second


def test_one_that_has_ended_is_replaced(media: Media, account_id: UUID) -> None:
    first = wechat_copy(media.id, account_id)
    db.session.execute(db.update(MediaUpload).values(expires_at=clock.now()))
    assert wechat_copy(media.id, account_id) != first


def test_missing_and_foreign_files_are_not_there(media: Media, account_id: UUID) -> None:
    db.session.commit()
    with pytest.raises(NotFound):
        wechat_copy(new_id(), account_id)
    other: TenantRecord = make_tenant()
    with enter(system_scope(other)), pytest.raises(NotFound):
        wechat_copy(media.id, account_id)
