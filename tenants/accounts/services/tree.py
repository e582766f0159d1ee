"""The verbs of the tree: find, list, create, change, move, archive."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from saas import clock
from saas.db import db, new_id
from saas.errors import Forbidden, Invalid, NotFound
from saas.tenancy.scope import current_scope
from saas.web.paging import Page, Sort, page_of
from saas.wechat import versions
from tenants.accounts.domain import Kind, may_stand_below
from tenants.accounts.errors import StillInUse
from tenants.accounts.models import Account
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.services.positions import nodes_below, place_anew, place_first

BY_NAME = Sort((Account.name, Account.id), lambda account: (account.name, account.id))


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A node to be made."""

    name: str
    kind: Kind
    legal_entity: str = ""
    profile: Mapping[str, str] = field(default_factory=dict)


def access_account(account_id: UUID) -> Account:
    """The node; raises NotFound when it is missing, foreign or outside the scope's part of the tree."""
    account = db.session.get(Account, (current_scope().tenant.id, account_id))
    if account is None or not current_scope().sees(account_id):
        raise NotFound
    return account


def access_with_connection(account_id: UUID) -> Account:
    """The node with its connection read along; raises NotFound."""
    query = seen().where(Account.id == account_id).options(joinedload(Account.connection))
    account = db.session.scalar(query.execution_options(populate_existing=True))
    if account is None:
        raise NotFound
    return account


def seen() -> Select[Account]:
    """All nodes of the scope's part of the tree."""
    accounts = current_scope().accounts
    query = select(Account)
    return query if accounts is None else query.where(Account.id.in_(accounts))


def list_accounts(*, below: UUID | None = None, archived: bool = False) -> Sequence[Account]:
    """The nodes that the scope sees, or those at and below one of them, with their connections, by name."""
    query = seen().options(joinedload(Account.connection)).order_by(Account.name, Account.id)
    if below is not None:
        query = query.where(Account.id.in_(nodes_below([access_account(below).id])))
    if not archived:
        query = query.where(Account.archived_at.is_(None))
    return db.session.scalars(query).all()


def page_accounts(filters: Mapping[str, Any], *, cursor: str | None = None, limit: int = 50) -> Page[Account]:
    """The nodes that the scope sees, by name; filters: `q`, `kind`, `parent_id`, `below`, `archived`."""
    query = seen().options(joinedload(Account.connection))
    if not filters.get("archived"):
        query = query.where(Account.archived_at.is_(None))
    if filters.get("q"):
        query = query.where(Account.name.icontains(filters["q"], autoescape=True))
    for name in ("kind", "parent_id"):
        if filters.get(name):
            query = query.where(getattr(Account, name) == filters[name])
    if filters.get("below"):
        query = query.where(Account.id.in_(nodes_below([access_account(filters["below"]).id])))
    return page_of(query, sort=BY_NAME, cursor=cursor, limit=limit)


def names_of(account_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The names of nodes by their ids, in one query; for rows that the caller may already see."""
    if not account_ids:
        return {}
    found = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {row[0]: row[1] for row in found}


def create_account(draft: Draft, *, parent_id: UUID | None = None, since: date | None = None) -> Account:
    """A new node below a parent, or the central one. Raises NotFound, Forbidden and Invalid."""
    parent = access_account(parent_id) if parent_id is not None else None
    _check_kind(draft.kind, parent)
    _check_may_add(draft.kind)
    account = Account(
        id=new_id(),
        name=draft.name,
        kind=draft.kind,
        parent_id=parent_id,
        legal_entity=draft.legal_entity,
        profile=dict(draft.profile),
    )
    set_committed_value(account, "connection", None)
    db.session.add(account)
    db.session.flush()  # the position refers to the node, and a second central one fails here
    place_first(account, since=since)
    return account


def update_account(account: Account, values: Mapping[str, Any], *, version: int | None = None) -> Account:
    """Changes name, legal entity and profile; raises StaleVersion."""
    account.check_version(version)
    for name in ("name", "legal_entity"):
        if name in values:
            setattr(account, name, values[name])
    if values.get("profile"):
        account.profile = {**account.profile, **values["profile"]}
    account.updated_at = clock.now()
    return account


def move_account(account: Account, *, parent_id: UUID, version: int | None = None) -> Account:
    """Hangs a node and all below it on another parent from today on; months before keep their tree.

    Raises NotFound, StaleVersion, and Invalid where the tree would break.
    """
    account.check_version(version)
    parent = access_account(parent_id)
    _lock_tree()
    _check_kind(account.sort, parent)
    if parent.id in nodes_below([account.id]):
        raise Invalid({"parent_id": [_l("An account can't hang below itself.")]})
    if account.parent_id != parent.id:
        account.parent_id = parent.id
        account.updated_at = clock.now()
        place_anew(account)
    return account


def archive_account(account: Account, *, version: int | None = None) -> Account:
    """Takes a node out of use; its data stay and messages are no longer taken. Raises StillInUse, StaleVersion."""
    account.check_version(version)
    _lock_tree()
    active = select(Account.id).where(Account.parent_id == account.id, Account.archived_at.is_(None)).limit(1)
    if account.kind == Kind.CENTRAL or db.session.scalar(active) is not None:
        raise StillInUse
    account.archived_at = account.updated_at = clock.now()
    versions.bump([account.id])
    return account


def restore_account(account: Account, *, version: int | None = None) -> Account:
    """Takes an archived node back into use; raises Invalid while its parent is archived."""
    account.check_version(version)
    if account.parent_id is not None:
        _check_active(access_account(account.parent_id))
    account.archived_at, account.updated_at = None, clock.now()
    versions.bump([account.id])
    return account


def _lock_tree() -> None:
    # Two moves at once could each be right and together make a cycle: they go one after the other.
    db.session.execute(select(Account.id).where(Account.kind == Kind.CENTRAL).with_for_update())


def _check_kind(kind: Kind, parent: Account | None) -> None:
    if parent is not None:
        _check_active(parent)
    if may_stand_below(kind, parent.sort if parent else None):
        if parent is None and db.session.scalar(select(Account.id).where(Account.kind == Kind.CENTRAL)) is not None:
            raise Invalid({"kind": [_l("The brand has its central account already.")]})
        return
    if kind is Kind.CENTRAL:
        raise Invalid({"parent_id": [_l("The central account stands at the top.")]})
    raise Invalid({"parent_id": [_l("A region hangs on the central account or a region, a store on one of these.")]})


def _check_active(parent: Account) -> None:
    if parent.archived_at is not None:
        raise Invalid({"parent_id": [_l("This account is archived. Choose an active one.")]})


def _check_may_add(kind: Kind) -> None:
    if kind is not Kind.STORE and AccountsPermission.ACCOUNTS_EDIT not in current_scope().permissions:
        raise Forbidden
