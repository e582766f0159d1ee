"""The demo's brands."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from saas.capability import Demo
from saas.db import db
from saas.tenancy.scope import enter, system_scope
from tenants.accounts import services
from tenants.accounts.demo import DEMO_BRANDS, connection_settings, demo
from tenants.accounts.models import Account, Channel, Store
from tests.factories.people import make_tenant

WANTED = Demo(seed=7, until=datetime(2026, 11, 22, 4, tzinfo=UTC))


@pytest.mark.parametrize("brand", DEMO_BRANDS, ids=lambda brand: brand.name)
def test_a_brand_is_filled(app: Flask, brand) -> None:
    with enter(system_scope(make_tenant(name=brand.name))):
        demo(WANTED)
        kinds = dict(db.session.execute(select(Account.kind, func.count()).group_by(Account.kind)).all())
        stores = sum(node.place is not None for node in brand.nodes)
        assert kinds["central"] == 1
        assert kinds["store"] == stores == db.session.scalar(select(func.count()).select_from(Store))
        assert services.count_connected() == sum(node.has_account for node in brand.nodes)
        assert db.session.scalar(select(func.count()).select_from(Channel)) == sum(len(n.codes) for n in brand.nodes)
        db.session.rollback()


def test_the_coffee_brand_is_as_promised() -> None:
    nodes = DEMO_BRANDS[0].nodes
    kinds = [node.kind for node in nodes]
    assert [kinds.count(kind) for kind in ("central", "region", "store")] == [1, 3, 12]
    assert sum(not node.has_account for node in nodes) == 2


def test_the_same_seed_gives_the_same_keys(app: Flask) -> None:
    def settings() -> str:
        with enter(system_scope(make_tenant(name="小满烘焙"))):
            demo(WANTED)
            found = [services.find_connection(one) for one in services.connected_ids()]
            keys = sorted(json.dumps(connection_settings(one)) for one in found if one is not None)
            db.session.rollback()
            return json.dumps(keys)

    assert settings() == settings()


def test_a_store_without_an_account_counts_by_a_code_of_its_region(app: Flask) -> None:
    with enter(system_scope(make_tenant(name="云岫咖啡"))):
        demo(WANTED)
        ids = {account.name: account.id for account in services.list_accounts()}
        scenes = services.channels_of(ids["云岫咖啡华东"])
        assert ids["云岫咖啡杭州钱江新城店"] in {node_id for _, node_id in scenes.values()}
        db.session.rollback()
