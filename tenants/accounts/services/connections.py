"""The verbs of WeChat connections: connect, change, disconnect, and what was heard of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.orm.attributes import set_committed_value

from saas import clock
from saas.arrays import Fields, arrays_of, given
from saas.db import db
from saas.errors import Invalid, Sentence
from saas.jobs.plan import plan_job
from saas.tenancy.directory import claim_app_id, release_app_id
from saas.tenancy.scope import current_scope
from saas.wechat import versions
from saas.wechat.component.api import Authorizer
from saas.wechat.models import WeChatToken
from saas.wechat.ports import Mode
from tenants.accounts.domain import StepState
from tenants.accounts.errors import AppIdTaken, ConnectedByScan, NotConnected
from tenants.accounts.models import SECRETS, Account, Channel, Connection
from tenants.accounts.services.keys import seal
from tenants.accounts.services.tree import access_account, access_with_connection, seen

FIELDS = ("app_id", "original_id", "service_type", "verified", "mode")
BANNED = 48004
_APP_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_CALL: Fields = {"id": "uuid", "moment": "timestamptz"}
_HEARD = text(f"""
    UPDATE connections AS c SET last_callback_at = given.moment FROM {given(_CALL)}
    WHERE c.account_id = given.id AND (c.last_callback_at IS NULL OR c.last_callback_at < given.moment)
""")


def find_connection(account_id: UUID) -> Connection | None:
    """The node's connection, also a broken-off one, or None when it never had one."""
    return db.session.get(Connection, (current_scope().tenant.id, account_id))


def is_authorised(account: Account) -> bool:
    """Whether the node was connected by a scan."""
    connection = find_connection(account.id)
    return connection is not None and connection.is_authorised


def access_connection(account_id: UUID) -> Connection:
    """The live connection of a visible account; raises NotFound and NotConnected."""
    connection = find_connection(access_account(account_id).id)
    if connection is None or connection.connection == "none":
        raise NotConnected
    return connection


def connect_account(account: Account, values: Mapping[str, Any], *, version: int | None = None) -> Connection:
    """Connects a node to its WeChat account, or changes how. A secret that is absent or empty stays as it was.

    Raises StaleVersion, Invalid, AppIdTaken, and ConnectedByScan where WeChat tells these facts. Followers are read soon after a first connecting.
    """
    account.check_version(version)
    connection = _connection_to_fill(account)
    if connection.is_authorised:
        return _unchanged(connection, values)
    _check(connection, values)
    _claim(connection, values.get("app_id") or connection.app_id or "")
    is_new = connection.connection == "none"
    _fill(connection, values)
    _put(account, connection)
    if is_new:
        _begin(connection)
    return connection


def connect_authorised(account: Account, authorizer: Authorizer, *, moment: datetime) -> Connection:
    """Connects a node to the account that was scanned for it, or notes what WeChat tells of it now; raises AppIdTaken.

    What was typed before is forgotten: from now on WeChat writes to the component's address.
    """
    connection = _connection_to_fill(account)
    _claim(connection, authorizer.app_id)
    is_new = connection.connection == "none"
    for field in SECRETS:
        setattr(connection, field, None)
    describe_connection(connection, authorizer)
    connection.app_id = authorizer.app_id
    connection.connection, connection.mode, connection.health = "component", Mode.SAFE, {}
    connection.authorised_at, connection.unauthorised_at = moment, None
    _put(account, connection)
    if is_new:
        _begin(connection)
    return connection


def describe_connection(connection: Connection, authorizer: Authorizer) -> None:
    """Notes what WeChat tells of the account that stands there."""
    connection.original_id, connection.name = authorizer.original_id, authorizer.name
    connection.service_type, connection.verified = authorizer.service_type, authorizer.verified
    connection.permission_sets = list(authorizer.permission_sets)


def withdraw_authorisation(connection: Connection, *, moment: datetime) -> None:
    """Notes that WeChat refuses us from now on; the tokens are forgotten, all else stays for a new scan."""
    connection.unauthorised_at = moment
    connection.health = {**connection.health, "token": {"state": StepState.FAILED.value, "reason": "withdrawn"}}
    db.session.execute(delete(WeChatToken).where(WeChatToken.account_id == connection.id))


def note_ban(account_id: UUID) -> None:
    """Notes that WeChat has banned the account from what we wanted to do; a person looks there, and tests again."""
    connection = find_connection(account_id)
    if connection is not None and connection.connection != "none":
        banned = {"state": StepState.FAILED.value, "reason": str(BANNED)}
        connection.health = {**connection.health, "token": banned}


def disconnect_account(account: Account, *, version: int | None = None) -> None:
    """Breaks the connection off: secrets are forgotten, the AppID may be used anew. Fans and figures stay."""
    account.check_version(version)
    connection = access_connection(account.id)
    release_app_id(connection.app_id or "")
    connection.connection, connection.app_id, connection.health = "none", None, {}
    connection.permission_sets, connection.authorised_at, connection.unauthorised_at = [], None, None
    for field in SECRETS:
        setattr(connection, field, None)
    account.updated_at = clock.now()
    db.session.execute(delete(WeChatToken).where(WeChatToken.account_id == account.id))
    versions.bump([account.id])


def record_callbacks(heard: Mapping[UUID, datetime]) -> None:
    """Remembers when WeChat last called each account; an earlier moment changes nothing."""
    if heard:
        db.session.execute(_HEARD, arrays_of(sorted(heard.items()), _CALL))


def record_followers_synced(account_id: UUID, moment: datetime) -> None:
    """Remembers when the followers were last read from WeChat."""
    db.session.execute(update(Connection).where(Connection.id == account_id).values(followers_synced_at=moment))


def connected_ids() -> Iterable[UUID]:
    """All accounts of the brand that are connected and in use; not one that has withdrawn: WeChat would refuse."""
    query = select(Connection.id).join(
        Account, (Account.tenant_id == Connection.tenant_id) & (Account.id == Connection.id)
    )
    live = query.where(Connection.connection != "none", Connection.unauthorised_at.is_(None))
    return db.session.scalars(live.where(Account.archived_at.is_(None))).all()


def count_connected() -> int:
    """How many accounts of the brand are connected."""
    return db.session.scalar(select(func.count()).select_from(Connection).where(Connection.connection != "none")) or 0


def count_troubled() -> int:
    """How many visible accounts in use failed the last self-test or withdrew: `Condition.TROUBLE`, in one statement."""
    failed = [Connection.health[step]["state"].astext == StepState.FAILED for step in ("callback", "token")]
    withdrawn = (Connection.connection == "component") & Connection.unauthorised_at.isnot(None)
    query = select(func.count()).select_from(Connection).where(Connection.connection != "none", or_(*failed, withdrawn))
    visible = seen().where(Account.archived_at.is_(None)).with_only_columns(Account.id)
    return db.session.scalar(query.where(Connection.id.in_(visible))) or 0


def reload_account(account_id: UUID) -> Account:
    """The node and its connection as they are after a change."""
    db.session.flush()  # what is read next must show what was changed
    return access_with_connection(account_id)


def _connection_to_fill(account: Account) -> Connection:
    found = find_connection(account.id)
    return found or Connection(id=account.id, tenant_id=account.tenant_id, connection="none")


def _unchanged(connection: Connection, values: Mapping[str, Any]) -> Connection:
    told = {name: getattr(connection, name) for name in FIELDS}
    typed = {name: value for name, value in values.items() if name in (*FIELDS, *SECRETS) and value not in (None, "")}
    if told | typed != told:
        raise ConnectedByScan
    return connection


def _put(account: Account, connection: Connection) -> None:
    db.session.add(connection)
    set_committed_value(account, "connection", connection)
    account.updated_at = clock.now()  # so that the node's version guards its connection too
    db.session.flush()  # the version row below is written by a statement, after the connection
    versions.bump([account.id])


def _check(connection: Connection, values: Mapping[str, Any]) -> None:
    wrong: dict[str, list[Sentence]] = {}
    app_id = values.get("app_id") or connection.app_id or ""
    if not _APP_ID.fullmatch(app_id):
        wrong["app_id"] = [_l("Copy the AppID as WeChat shows it; it begins with wx.")]
    if not values.get("token") and connection.token is None:
        wrong["token"] = [_l("Enter the token that you typed into WeChat's console.")]
    key, mode = values.get("encoding_aes_key"), values.get("mode") or connection.mode or Mode.SAFE
    if key and not _AES_KEY.fullmatch(key):
        wrong["encoding_aes_key"] = [_l("The EncodingAESKey has 43 letters and digits.")]
    if not key and connection.encoding_aes_key is None and mode != Mode.PLAIN:
        wrong["encoding_aes_key"] = [_l("Safe and compatible mode need the EncodingAESKey.")]
    if wrong:
        raise Invalid(wrong)


def _claim(connection: Connection, app_id: str) -> None:
    if connection.app_id and connection.app_id != app_id:
        release_app_id(connection.app_id)
        db.session.flush()  # the old AppID is free before the new one is claimed
    if not claim_app_id(app_id, tenant_id=current_scope().tenant.id, account_id=connection.id):
        raise AppIdTaken


def _fill(connection: Connection, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if values.get(name) is not None:
            setattr(connection, name, values[name])
    for name in SECRETS:
        if values.get(name):
            setattr(connection, name, seal(connection.id, name, values[name]))
    if connection.connection == "none":
        connection.connection = "direct"


def _begin(connection: Connection) -> None:
    connection.connected_at = clock.now()
    plan_job("fans.sync_followers", account_id=str(connection.id))
    waiting = select(Channel.id).where(Channel.account_id == connection.id, Channel.url == "")
    for channel_id in db.session.scalars(waiting):
        plan_job("accounts.make_code", channel_id=str(channel_id))
