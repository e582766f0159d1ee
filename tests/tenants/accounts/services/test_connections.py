"""Connect, change, disconnect; what was heard; who finds the keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from saas import clock
from saas.db import db
from saas.errors import Invalid, NotFound, StaleVersion
from saas.jobs.models import JobRow
from saas.security.secrets import Unreadable
from saas.tenancy.directory import find_account
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat import versions
from saas.wechat.ports import Mode
from tenants.accounts import services
from tenants.accounts.errors import AppIdTaken, NotConnected
from tenants.accounts.models import SECRETS, Connection
from tests.factories.accounts import AES_KEY, Tree, connection_values, make_account, make_connected
from tests.factories.people import make_tenant


def connect(account_id, **changes) -> Connection:
    return services.connect_account(services.access_account(account_id), connection_values(**changes))


def jobs() -> list[str]:
    return sorted(row.name for row in db.session.scalars(select(JobRow)))


def test_connect(tree: Tree) -> None:
    connection = connect(tree.bund, app_id="wxconnect1", mode="compatible")
    assert connection.connection == "direct"
    assert connection.connected_at is not None
    assert find_account("wxconnect1") == (connection.tenant_id, tree.bund)
    assert jobs() == ["fans.sync_followers"]
    assert versions.current(tree.bund) == 1
    assert services.access_with_connection(tree.bund).is_connected


def test_secrets_are_sealed_at_rest(tree: Tree) -> None:
    values = connection_values()
    services.connect_account(services.access_account(tree.bund), values)
    db.session.commit()
    row = db.session.execute(text("SELECT app_secret, token, encoding_aes_key FROM connections")).one()
    assert all(values[name].encode() not in bytes(sealed) for name, sealed in zip(SECRETS, row, strict=True))
    connection = services.find_connection(tree.bund)
    assert [services.unseal(connection, name) for name in SECRETS] == [values[name] for name in SECRETS]


def test_a_sealed_secret_opens_in_its_own_place_alone(tree: Tree) -> None:
    one, other = make_connected(tree.bund), make_connected(tree.lake)
    other.app_secret = one.app_secret
    with pytest.raises(Unreadable):
        services.unseal(other, "app_secret")
    one.token = one.app_secret
    with pytest.raises(Unreadable):
        services.unseal(one, "token")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"app_id": ""}, "app_id"),
        ({"app_id": "wx/../1"}, "app_id"),
        ({"token": ""}, "token"),
        ({"encoding_aes_key": ""}, "encoding_aes_key"),
        ({"encoding_aes_key": "short"}, "encoding_aes_key"),
        ({"encoding_aes_key": "", "mode": "compatible"}, "encoding_aes_key"),
    ],
)
def test_what_is_missing_is_named(tree: Tree, changes: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        connect(tree.bund, **changes)
    assert set(refused.value.fields) == {field}


def test_plain_mode_needs_no_key(tree: Tree) -> None:
    assert connect(tree.bund, mode="plain", encoding_aes_key="").encoding_aes_key is None


def test_an_app_id_serves_one_account_of_the_deployment(app: Flask, tree: Tree) -> None:
    connect(tree.bund, app_id="wxtaken")
    db.session.commit()
    with pytest.raises(AppIdTaken):
        connect(tree.lake, app_id="wxtaken")
    db.session.rollback()
    with enter(system_scope(make_tenant())):
        foreign = make_account().id
        with pytest.raises(AppIdTaken) as refused:
            connect(foreign, app_id="wxtaken")
        assert refused.value.code == "app_id_taken"


def test_an_edit_keeps_the_secrets_that_are_not_named(tree: Tree) -> None:
    before = make_connected(tree.bund, token="token-before")
    account = services.access_account(tree.bund)
    services.connect_account(account, {"mode": "plain", "token": "", "app_secret": None})
    assert before.mode == "plain"
    assert services.unseal(before, "token") == "token-before"
    assert jobs() == ["fans.sync_followers"]
    assert versions.current(tree.bund) == 2


def test_another_app_id_frees_the_old_one(tree: Tree) -> None:
    make_connected(tree.bund, app_id="wxold")
    services.connect_account(services.access_account(tree.bund), {"app_id": "wxnew"})
    assert find_account("wxold") is None
    assert find_account("wxnew") is not None


def test_a_stale_edit_is_refused(tree: Tree) -> None:
    make_connected(tree.bund)
    with pytest.raises(StaleVersion):
        services.connect_account(services.access_account(tree.bund), {"mode": "plain"}, version=1)


def test_disconnect(tree: Tree) -> None:
    connection = make_connected(tree.bund, app_id="wxgone")
    services.disconnect_account(services.access_account(tree.bund))
    db.session.commit()
    assert connection.connection == "none"
    assert [getattr(connection, name) for name in SECRETS] == [None] * 3
    assert find_account("wxgone") is None
    with pytest.raises(NotConnected):
        services.access_connection(tree.bund)
    with pytest.raises(NotConnected):
        services.disconnect_account(services.access_account(tree.bund))
    assert connect(tree.lake, app_id="wxgone").connection == "direct"


def test_the_last_callback_only_moves_on(tree: Tree) -> None:
    make_connected(tree.bund)
    now = clock.now()
    services.record_callbacks({tree.bund: now, tree.lake: now})
    services.record_callbacks({tree.bund: now - timedelta(hours=1)})
    db.session.commit()
    db.session.expire_all()
    assert services.access_connection(tree.bund).last_callback_at == now
    services.record_followers_synced(tree.bund, now)
    db.session.expire_all()
    assert services.access_connection(tree.bund).followers_synced_at == now


def test_the_gateway_finds_keys_without_a_scope(app: Flask, tenant: TenantRecord, tree: Tree) -> None:
    make_connected(tree.bund, app_id="wxfind", original_id="gh_1", token="t0ken")
    db.session.commit()
    keys = services.StoredAccounts().find("wxfind")
    assert keys is not None
    assert (keys.tenant_id, keys.account_id, keys.app_id) == (tenant.id, tree.bund, "wxfind")
    assert (keys.token, keys.encoding_aes_key, keys.original_id) == ("t0ken", AES_KEY, "gh_1")
    assert (keys.mode, keys.version) == (Mode.SAFE, 1)
    assert services.StoredAccounts().find("wxnobody") is None


def test_an_archived_account_takes_no_messages(tree: Tree) -> None:
    make_connected(tree.bund, app_id="wxarchived")
    services.archive_account(services.access_account(tree.bund))
    db.session.commit()
    assert services.StoredAccounts().find("wxarchived") is None


def test_a_foreign_account_is_not_connected(app: Flask, tree: Tree) -> None:
    with enter(system_scope(make_tenant())), pytest.raises(NotFound):
        services.access_connection(tree.bund)


def test_what_is_connected(tree: Tree) -> None:
    make_connected(tree.bund)
    make_connected(tree.lake)
    services.archive_account(services.access_account(tree.lake))
    assert list(services.connected_ids()) == [tree.bund]
    assert services.count_connected() == 2
