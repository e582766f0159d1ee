"""Fills one tenant with the brand of its name."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select

from saas.capability import Demo
from saas.db import db
from saas.jobs.models import JobRow
from saas.tenancy.models import Membership, User
from saas.tenancy.scope import current_scope
from tenants.accounts import services
from tenants.accounts.demo.brands import DemoBrand, DemoNode, DemoPerson
from tenants.accounts.demo.people import DEMO_BRANDS
from tenants.accounts.models import Connection, Grant

DAYS_A_MONTH = 31


def demo(wanted: Demo) -> None:
    """Builds the tree of the tenant's demo brand; a tenant of another name stays as it is."""
    brand = next((one for one in DEMO_BRANDS if one.name == current_scope().tenant.name), None)
    if brand is None:
        return
    began = wanted.until - timedelta(days=DAYS_A_MONTH * wanted.months)
    nodes: dict[str, UUID] = {}
    for node in brand.nodes:
        nodes[node.name] = _make_node(node, nodes, began)
        if node.has_account:
            _connect(node, nodes[node.name], Random(f"{wanted.seed}:{node.name}"), began=began, until=wanted.until)
    for channel in _make_codes(brand, nodes, wanted.seed):
        channel.created_at = began
    for person in brand.people:
        _grant(person, nodes)
    # The loader fills in the followers; reading them from the simulator would find none of the past.
    db.session.flush()  # the planned jobs are rows by now
    db.session.execute(delete(JobRow).where(JobRow.name == "fans.sync_followers"))


def _make_node(node: DemoNode, nodes: Mapping[str, UUID], began: datetime) -> UUID:
    draft = services.Draft(
        name=node.name,
        kind=node.kind,
        legal_entity=node.legal_entity,
        profile={"positioning": node.positioning, "tone": node.tone},
    )
    parent_id = nodes[node.parent] if node.parent else None
    account = services.create_account(draft, parent_id=parent_id, since=began.date())
    account.created_at = began
    if node.place is not None:
        values = {**vars(node.place), "name": node.name, "services": list(node.place.services)}
        services.create_store(values, account_id=account.id)
    return account.id


def _connect(node: DemoNode, account_id: UUID, random: Random, *, began: datetime, until: datetime) -> None:
    connection = services.connect_account(services.access_account(account_id), _credentials(node, random))
    connection.connected_at = began
    connection.last_callback_at = until - timedelta(days=node.silent_days, minutes=random.randrange(1, 40))
    connection.followers_synced_at = until - timedelta(hours=random.randrange(3, 20))
    connection.health = _health(node, until)


def _credentials(node: DemoNode, random: Random) -> dict[str, Any]:
    key = base64.b64encode(random.randbytes(32)).decode().rstrip("=")
    return {
        "app_id": f"wx{random.randbytes(8).hex()}",
        "original_id": f"gh_{random.randbytes(6).hex()}",
        "app_secret": random.randbytes(16).hex(),
        "token": random.randbytes(12).hex(),
        "encoding_aes_key": key,
        "mode": node.mode,
        "service_type": node.service_type,
        "verified": True,
    }


def _health(node: DemoNode, until: datetime) -> dict[str, Any]:
    # 40164: the store's own administrator took our address off WeChat's white list.
    token = {"state": "failed", "reason": "40164"} if node.silent_days > 20 else {"state": "ok", "reason": ""}
    checked = until - timedelta(days=1)
    return {
        "checked_at": checked.isoformat(timespec="seconds"),
        "callback": {"state": "ok", "reason": ""},
        "token": token,
    }


def _make_codes(brand: DemoBrand, nodes: Mapping[str, UUID], seed: int) -> Iterator[services.Channel]:
    for node in brand.nodes:
        random = Random(f"{seed}:codes:{node.name}")
        owner = node.name if node.has_account else str(node.parent)
        for name in node.codes:
            yield services.create_channel(
                account_id=nodes[owner],
                node_id=nodes[node.name],
                name=name if node.has_account else f"{name}（{node.name}）",
                scene=f"c{random.randbytes(5).hex()}",
            )


def _grant(person: DemoPerson, nodes: Mapping[str, UUID]) -> None:
    membership_id = db.session.scalar(
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.tenant_id == current_scope().tenant.id)
        .where(or_(User.email == person.login, User.mobile == person.login))
    )
    if membership_id is not None:
        db.session.add_all(Grant(membership_id=membership_id, account_id=nodes[name]) for name in person.accounts)


def connection_settings(connection: Connection) -> dict[str, str]:
    """What a simulator needs to be this account's WeChat; the demo's own secrets, written to its file."""
    return {
        "app_id": connection.app_id or "",
        "original_id": connection.original_id,
        "mode": connection.mode,
        "service_type": connection.service_type,
        **{name: services.unseal(connection, name) for name in ("app_secret", "token", "encoding_aes_key")},
    }
