"""The verbs of stores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from saas.db import db, new_id
from saas.errors import NotFound
from saas.tenancy.scope import current_scope
from saas.web.paging import Page, Sort, page_of
from saas.wechat import versions
from tenants.accounts.domain import StorePoint
from tenants.accounts.models import Account, Store
from tenants.accounts.services.connections import connected_ids
from tenants.accounts.services.positions import nodes_below
from tenants.accounts.services.tree import access_account

FIELDS = ("name", "services", "address", "city", "district", "latitude", "longitude", "phone", "opening_hours")
BY_NAME = Sort((Store.name, Store.id), lambda store: (store.name, store.id))


def access_store(store_id: UUID) -> Store:
    """The store; raises NotFound when it is missing, foreign or outside the scope's part of the tree."""
    store = db.session.get(Store, (current_scope().tenant.id, store_id))
    if store is None or not current_scope().sees(store.account_id):
        raise NotFound
    return store


def page_stores(
    *, below: UUID | None = None, search: str = "", cursor: str | None = None, limit: int = 50
) -> Page[Store]:
    """The stores at and below a node, or all that the scope sees, by name."""
    query = _seen()
    if below is not None:
        query = query.where(Store.account_id.in_(nodes_below([access_account(below).id])))
    if search:
        places = (Store.name, Store.address, Store.city, Store.district)
        query = query.where(or_(*(column.icontains(search, autoescape=True) for column in places)))
    return page_of(query, sort=BY_NAME, cursor=cursor, limit=limit)


def list_stores_at(account_id: UUID) -> Sequence[Store]:
    """The stores of one node, by name."""
    query = select(Store).where(Store.account_id == account_id).order_by(Store.name, Store.id)
    return db.session.scalars(query).all()


def count_stores() -> Mapping[UUID, int]:
    """How many stores stand at each node."""
    query = select(Store.account_id, func.count()).group_by(Store.account_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def list_store_points() -> Sequence[StorePoint]:
    """All stores of the brand that are in use, for the search of the nearest one."""
    query = select(Store).join(Account, (Account.tenant_id == Store.tenant_id) & (Account.id == Store.account_id))
    query = query.where(Account.archived_at.is_(None)).order_by(Store.name, Store.id)
    return [store.point() for store in db.session.scalars(query)]


def create_store(values: Mapping[str, Any], *, account_id: UUID) -> Store:
    """A new store at a node; raises NotFound."""
    account = access_account(account_id)
    store = Store(id=new_id(), account_id=account.id)
    _fill(store, {"services": [], **values})
    db.session.add(store)
    versions.bump(connected_ids())
    return store


def update_store(store: Store, values: Mapping[str, Any], *, version: int | None = None) -> Store:
    """Changes a store, or hangs it on another node; raises NotFound and StaleVersion."""
    store.check_version(version)
    if values.get("account_id"):
        store.account_id = access_account(values["account_id"]).id
    _fill(store, values)
    versions.bump(connected_ids())
    return store


def delete_store(store: Store, *, version: int | None = None) -> None:
    """Forgets a store; raises StaleVersion."""
    store.check_version(version)
    db.session.delete(store)
    versions.bump(connected_ids())


def _seen() -> Select[Store]:
    accounts = current_scope().accounts
    query = select(Store)
    return query if accounts is None else query.where(Store.account_id.in_(accounts))


def _fill(store: Store, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(store, name, values[name])
