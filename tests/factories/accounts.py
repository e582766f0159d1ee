"""Trees of accounts: made in the present scope, committed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from saas.db import db
from tenants.accounts import services
from tenants.accounts.models import Grant
from tenants.accounts.services import Account, Draft, Kind

_numbers = count(1)
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@dataclass(frozen=True)
class Tree:
    """A central account, two regions, and three stores: two in the first region, one in the second."""

    central: UUID
    east: UUID
    south: UUID
    bund: UUID
    lake: UUID
    canton: UUID


def make_account(kind: Kind = Kind.CENTRAL, *, parent_id: UUID | None = None, name: str = "") -> Account:
    """One node."""
    account = services.create_account(Draft(name=name or f"账号{next(_numbers)}", kind=kind), parent_id=parent_id)
    db.session.commit()
    return account


def make_tree() -> Tree:
    """The tree that most tests stand on."""
    central = make_account(name="云岫咖啡总部").id
    east = make_account(Kind.REGION, parent_id=central, name="华东").id
    south = make_account(Kind.REGION, parent_id=central, name="华南").id
    return Tree(
        central=central,
        east=east,
        south=south,
        bund=make_account(Kind.STORE, parent_id=east, name="外滩店").id,
        lake=make_account(Kind.STORE, parent_id=east, name="西湖店").id,
        canton=make_account(Kind.STORE, parent_id=south, name="天河店").id,
    )


def connection_values(**changes: Any) -> dict[str, Any]:
    """What one types to connect an account; the AppID is new each time."""
    number = next(_numbers)
    return {
        "app_id": f"wx{uuid4().hex[:16]}",
        "original_id": f"gh_{number:012x}",
        "app_secret": f"secret{number:026d}",
        "token": f"token{number}",
        "encoding_aes_key": AES_KEY,
        "mode": "safe",
        "service_type": "service",
        "verified": True,
        **changes,
    }


def make_connected(account_id: UUID, **changes: Any) -> services.Connection:
    """The node's connection."""
    connection = services.connect_account(services.access_account(account_id), connection_values(**changes))
    db.session.commit()
    return connection


def make_grant(membership_id: UUID, account_id: UUID) -> None:
    """Opens a node and all below it to a membership."""
    db.session.add(Grant(membership_id=membership_id, account_id=account_id))
    db.session.commit()


def make_store(account_id: UUID, **values: Any) -> services.Store:
    """A store at a node."""
    store = services.create_store({"name": "外滩店", "city": "上海", **values}, account_id=account_id)
    db.session.commit()
    return store
