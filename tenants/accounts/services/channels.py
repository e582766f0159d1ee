"""The verbs of channel codes (渠道码)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import joinedload

from saas.db import db, new_id
from saas.errors import NotFound
from saas.jobs.plan import plan_job
from saas.tenancy.scope import current_scope
from saas.web.paging import Page, Sort, page_of
from tenants.accounts.errors import SceneTaken
from tenants.accounts.models import Account, Channel
from tenants.accounts.services.connections import connected_ids
from tenants.accounts.services.positions import nodes_below
from tenants.accounts.services.tree import access_account, list_accounts

BY_NAME = Sort((Channel.name, Channel.id), lambda channel: (channel.name, channel.id))
# Letters and digits that nobody misreads; WeChat takes up to 64 characters.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def access_channel(channel_id: UUID) -> Channel:
    """The code; raises NotFound when it is missing, foreign, or counts for a node out of sight."""
    query = _seen().where(Channel.id == channel_id)
    channel = db.session.scalar(query)
    if channel is None:
        raise NotFound
    return channel


def page_channels(
    *, below: UUID | None = None, search: str = "", cursor: str | None = None, limit: int = 50
) -> Page[Channel]:
    """The codes whose fans count at or below a node, or all that the scope sees, by name."""
    query = _seen()
    if below is not None:
        query = query.where(Channel.node_id.in_(nodes_below([access_account(below).id])))
    if search:
        query = query.where(
            or_(*(column.icontains(search, autoescape=True) for column in (Channel.name, Channel.scene)))
        )
    return page_of(query, sort=BY_NAME, cursor=cursor, limit=limit)


def find_channel(account_id: UUID, scene: str) -> Channel | None:
    """The code of an account by its scene, as events carry it without `qrscene_`."""
    return db.session.scalar(select(Channel).where(Channel.account_id == account_id, Channel.scene == scene))


def channels_of(account_id: UUID) -> Mapping[str, tuple[UUID, UUID]]:
    """(channel, node) of every scene of an account."""
    query = select(Channel.scene, Channel.id, Channel.node_id).where(Channel.account_id == account_id)
    return {scene: (channel_id, node_id) for scene, channel_id, node_id in db.session.execute(query)}


def places_of(scenes: Iterable[tuple[UUID, str]]) -> Mapping[tuple[UUID, str], tuple[UUID, UUID]]:
    """(channel, node) of pairs of account and scene, in one query; unknown scenes are left out."""
    wanted = sorted(set(scenes))
    if not wanted:
        return {}
    query = select(Channel.account_id, Channel.scene, Channel.id, Channel.node_id)
    query = query.where(tuple_(Channel.account_id, Channel.scene).in_(wanted))
    return {(row.account_id, row.scene): (row.id, row.node_id) for row in db.session.execute(query)}


def create_channel(*, account_id: UUID, node_id: UUID, name: str, scene: str | None = None) -> Channel:
    """A new code; WeChat makes it in a job, at the latest once the account is connected.

    Raises NotFound and SceneTaken.
    """
    account, node = access_account(account_id), access_account(node_id)
    scene = scene or _new_scene()
    if find_channel(account.id, scene) is not None:
        raise SceneTaken
    channel = Channel(id=new_id(), account_id=account.id, node_id=node.id, name=name, scene=scene)
    channel.ticket = channel.url = channel.image_url = channel.error = ""
    db.session.add(channel)
    plan_code(channel)
    return channel


def account_for_codes(node: Account) -> UUID | None:
    """Whose code a node uses by default: its own, else that of the nearest connected account above it."""
    here: Account | None = node
    connected = frozenset(connected_ids())
    while here is not None and here.id not in connected:
        here = db.session.get(Account, (here.tenant_id, here.parent_id)) if here.parent_id else None
    return here.id if here is not None and current_scope().sees(here.id) else None


def list_code_accounts() -> Sequence[tuple[UUID, str]]:
    """(id, name) of the visible accounts that are connected: WeChat can make codes for them."""
    return [(account.id, account.name) for account in list_accounts() if account.is_connected]


def update_channel(channel: Channel, values: Mapping[str, Any], *, version: int | None = None) -> Channel:
    """Renames a code or counts its coming fans for another node; raises NotFound and StaleVersion."""
    channel.check_version(version)
    if values.get("node_id"):
        channel.node_id = access_account(values["node_id"]).id
    if "name" in values:
        channel.name = values["name"]
    return channel


def delete_channel(channel: Channel, *, version: int | None = None) -> None:
    """Forgets a code: fans that still scan it count for the account's own node. Raises StaleVersion."""
    channel.check_version(version)
    db.session.delete(channel)


def plan_code(channel: Channel) -> None:
    """Asks for the code to be made, also once more after a failure."""
    channel.error = ""
    plan_job("accounts.make_code", channel_id=str(channel.id))


def _seen() -> Select[Channel]:
    accounts = current_scope().accounts
    query = select(Channel).options(joinedload(Channel.account), joinedload(Channel.node))
    if accounts is None:
        return query
    return query.where(Channel.node_id.in_(accounts))


def _new_scene() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(10))
