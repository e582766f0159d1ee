"""How the demo's brands are described, and the list of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from saas.auth.roles import Role
from tenants.accounts.domain import Kind


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who logs in; `accounts` are names of nodes, empty for roles that see the whole tree."""

    name: str
    login: str
    role: Role
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DemoPlace:
    """Where a store is; coordinates are GCJ-02."""

    city: str
    district: str
    address: str
    latitude: float
    longitude: float
    phone: str
    opening_hours: str = "周一至周日 08:00–22:00"
    services: tuple[str, ...] = ("堂食", "外带", "外卖")


@dataclass(frozen=True, kw_only=True)
class DemoNode:
    """A node: `codes` are the names of its channel codes; `silent_days` since WeChat called last."""

    name: str
    kind: Kind
    parent: str | None = None
    legal_entity: str = ""
    positioning: str = ""
    tone: str = ""
    has_account: bool = True
    mode: str = "safe"
    service_type: str = "service"
    silent_days: int = 0
    place: DemoPlace | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DemoBrand:
    """A tenant of the demo: the loader makes it and its people, `demo` of each capability fills it."""

    name: str
    agency: str
    accent: str
    people: tuple[DemoPerson, ...]
    nodes: tuple[DemoNode, ...] = field(repr=False)


def stores(parent: str, legal_entity: str, places: Mapping[str, DemoPlace], **more: object) -> tuple[DemoNode, ...]:
    """Stores of one region that are alike but for their place."""
    common = {"kind": Kind.STORE, "parent": parent, "legal_entity": legal_entity, "codes": ("门店台卡",), **more}
    return tuple(DemoNode(name=name, place=place, **common) for name, place in places.items())  # type: ignore[arg-type]
