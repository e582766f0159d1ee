"""Every message and event of WeChat, in every mode, twice, from the callback to the last observer of the real product."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import TenantRecord, TenantScope, enter, system_scope
from saas.wechat import consume
from saas.wechat.ports import AccountKeys, Mode
from tenants.accounts.services.keys import StoredAccounts
from tests.factories.accounts import make_account, make_connected
from tests.factories.callbacks import event_fields, fields, posted, text_fields
from tests.factories.door import Door
from tests.factories.inbound_samples import EVENTS, MESSAGES

Inner = tuple[str, int]


def every_inner() -> Iterator[Inner]:
    """The inner fields of each sample, with a second of its own."""
    for number, (kind, inner, *_) in enumerate(MESSAGES):
        yield f"<MsgType>{kind}</MsgType>{inner}<MsgId>{number + 1}</MsgId>", 1760000000 + number
    for number, (name, inner, *_) in enumerate(EVENTS):
        yield event_fields(name, inner), 1760001000 + number
    yield "<MsgType>brand_new</MsgType><A>1</A>", 1760002000
    yield event_fields("brand_new", "<A>1</A>"), 1760002001


@pytest.fixture
def account_id(scope: TenantScope) -> UUID:
    return make_account().id


def connected(account_id: UUID, mode: Mode) -> AccountKeys:
    """The account's keys, as the gateway will find them."""
    connection = make_connected(account_id, mode=mode.value)
    keys = StoredAccounts().find(connection.app_id or "")
    assert keys is not None
    return keys


@pytest.mark.parametrize("mode", list(Mode))
def test_all_are_answered_kept_once_and_observed(
    door: Door, tenant: TenantRecord, account_id: UUID, mode: Mode
) -> None:
    keys = connected(account_id, mode)
    inners = list(every_inner())
    for inner, created_at in inners * 2:
        body, query = posted(keys, fields(keys, inner, created_at=created_at))
        response = door.post(f"/wechat/{keys.app_id}", data=body, query_string=query)
        assert response.status_code == 200
    while consume.run_once():
        pass
    with enter(system_scope(tenant)):
        states = db.session.execute(text("SELECT state, error, count(*) FROM journal GROUP BY state, error")).all()
    assert [tuple(row) for row in states] == [("done", "", len(inners))]


def test_a_poisonous_text_stops_nobody(door: Door, tenant: TenantRecord, account_id: UUID) -> None:
    keys = connected(account_id, Mode.PLAIN)
    words = ["a", "\u202eevil\u200b", "😀" * 5000, "=cmd|'/c calc'!A1", "{{ 7 * 7 }}", "<script>alert(1)</script>", "z"]
    for word in words:
        body, query = posted(keys, fields(keys, text_fields(word)))
        assert door.post(f"/wechat/{keys.app_id}", data=body, query_string=query).status_code == 200
    while consume.run_once():
        pass
    with enter(system_scope(tenant)):
        assert set(db.session.scalars(text("SELECT state FROM journal"))) == {"done"}
