"""Three brands of two agencies, each with a tree and one of everything at each store; people of every role."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from saas import clock
from saas.auth.roles import Role
from saas.db import db, new_id
from saas.tenancy.models import Membership, User
from saas.tenancy.scope import TenantRecord, enter, enter_directory, system_scope
from tenants.accounts.models import Channel
from tenants.fans import services as fans
from tenants.library import services as library
from tests.factories.accounts import Tree, make_connected, make_grant, make_store, make_tree
from tests.factories.figures import make_channel
from tests.factories.inbox import make_conversation
from tests.factories.outward import allow, make_sent
from tests.factories.people import Member, make_agency, make_member, make_tenant
from tests.factories.rules import make_rule

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
POSITIONS = ("own store", "other store of the region", "other region", "other brand", "other agency's brand", "missing")


@dataclass(frozen=True)
class Place:
    """A node, its brand, and one object of each kind there, by the name of its id in an address."""

    tenant_id: UUID
    account_id: UUID
    ids: dict[str, UUID]


@dataclass(frozen=True)
class Actor:
    """Somebody who calls: what they may do, and where."""

    name: str
    member: Member | None
    tenant_id: UUID | None = None
    accounts: frozenset[UUID] | None = frozenset()
    role: Role | None = None
    only: frozenset[str] | None = None


@dataclass(frozen=True)
class World:
    """The places by their position seen from the own store, and the actors."""

    places: dict[str, Place]
    actors: tuple[Actor, ...]


def make_world() -> World:
    """Builds it all, committed."""
    agency = make_agency()
    own = make_tenant(agency_id=agency)
    brands = {"own": own, "other brand": make_tenant(agency_id=agency), "other agency's brand": make_tenant()}
    trees = {name: _tree(tenant) for name, tenant in brands.items()}
    mine = trees["own"]
    places = {
        "own store": _place(own, mine.bund),
        "other store of the region": _place(own, mine.lake),
        "other region": _place(own, mine.canton),
        "other brand": _place(brands["other brand"], trees["other brand"].bund),
        "other agency's brand": _place(brands["other agency's brand"], trees["other agency's brand"].bund),
    }
    missing = {name: new_id() for name in places["own store"].ids}
    places["missing"] = Place(own.id, new_id(), missing)
    return World(places, tuple(_actors(agency, brands, mine)))


def _tree(tenant: TenantRecord) -> Tree:
    with enter(system_scope(tenant)):
        return make_tree()


def _place(tenant: TenantRecord, account_id: UUID) -> Place:
    membership_id = _invited(tenant)
    with enter(system_scope(tenant)):
        make_connected(account_id)
        make_grant(membership_id, account_id)
        make_channel(account_id, account_id, f"code-{new_id().hex[:12]}")
        conversation = make_conversation(account_id)
        store, rule = make_store(account_id), make_rule(account_id)
        fan = fans.access_fan(conversation.fan_id)
        allow(fan)
        message = make_sent(fan, state="unknown")
        media = library.create_media(kind="image", name="海报", content=PNG)
        channel = db.session.scalars(select(Channel).where(Channel.account_id == account_id)).one()
        channel.url = "http://weixin.qq.com/q/demo"
        db.session.commit()
        ids = {
            "channel_id": channel.id, "store_id": store.id, "rule_id": rule.id, "fan_id": conversation.fan_id,
            "conversation_id": conversation.id, "message_id": message.id, "media_id": media.id, "membership_id": membership_id,
            "token_id": new_id(), "session_id": new_id(), "job_id": new_id(), "tag_id": new_id(),
        }  # fmt: skip
    return Place(tenant.id, account_id, ids)


def _invited(tenant: TenantRecord) -> UUID:
    with enter_directory():
        membership = Membership(id=new_id(), tenant_id=tenant.id, role=Role.STORE_MANAGER, invited_name="新店长")
        db.session.add(membership)
        db.session.commit()
        return membership.id


def _actors(agency: UUID, brands: dict[str, TenantRecord], tree: Tree) -> Iterator[Actor]:
    own, other = brands["own"], brands["other brand"]
    east = frozenset({tree.east, tree.bund, tree.lake})
    yield Actor("anonymous", None)
    yield _actor("platform administrator", make_member(Role.PLATFORM_ADMIN))
    yield _actor("agency administrator", make_member(Role.AGENCY_ADMIN, agency_id=agency), own, accounts=None)
    yield _actor("agency staff", make_member(Role.AGENCY_STAFF, tenant=own), own, accounts=None)
    yield _actor("agency staff of another brand", make_member(Role.AGENCY_STAFF, tenant=other), other, accounts=None)
    yield _actor("headquarters", make_member(Role.BRAND_HQ, tenant=own), own, accounts=None)
    yield _granted("regional manager", Role.REGION_MANAGER, own, tree.east, east)
    store = frozenset({tree.bund})
    yield _granted("store manager", Role.STORE_MANAGER, own, tree.bund, store)
    yield _granted("inbox agent", Role.INBOX_AGENT, own, tree.bund, store)
    yield _revoked("membership just revoked", own)
    yield _disabled("disabled person", own)
    narrow = make_member(Role.BRAND_HQ, tenant=own, scopes=["rules:view"])
    yield replace(_actor("narrow token", narrow, own, accounts=None), only=frozenset({"rules:view"}))


def _actor(
    name: str, member: Member, tenant: TenantRecord | None = None, *, accounts: frozenset[UUID] | None = frozenset()
) -> Actor:
    return Actor(name, member, tenant.id if tenant else None, accounts, member.role)


def _granted(name: str, role: Role, tenant: TenantRecord, account_id: UUID, seen: frozenset[UUID]) -> Actor:
    member = make_member(role, tenant=tenant)
    with enter(system_scope(tenant)):
        make_grant(member.membership_id, account_id)
    return _actor(name, member, tenant, accounts=seen)


def _revoked(name: str, tenant: TenantRecord) -> Actor:
    member = make_member(Role.BRAND_HQ, tenant=tenant)
    with enter_directory():
        db.session.get_one(Membership, member.membership_id).disabled_at = clock.now()
        db.session.commit()
    return Actor(name, member)


def _disabled(name: str, tenant: TenantRecord) -> Actor:
    member = make_member(Role.BRAND_HQ, tenant=tenant)
    with enter_directory():
        db.session.get_one(User, member.user_id).disabled_at = clock.now()
        db.session.commit()
    return Actor(name, member)


@contextlib.contextmanager
def in_context(app: Flask) -> Iterator[None]:
    """An application context, so that factories find their session."""
    with app.app_context():
        yield
