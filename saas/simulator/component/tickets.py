"""Tickets: Tencent's word to a platform's server, each ten minutes, without which it gets no token."""

from __future__ import annotations

import secrets

from saas.simulator.component.registry import Component
from saas.simulator.errcodes import ApiError
from saas.simulator.store import Store

LIFE = 12 * 3600
EVERY = 600


def issue(store: Store, component: Component) -> str:
    """A new ticket; the older ones hold until their time is over."""
    ticket, now = f"ticket@@@{secrets.token_urlsafe(60)}", store.now()
    with store.transaction():
        store.write("DELETE FROM tickets WHERE issued_at < ?", now - 2 * LIFE)
        store.write("INSERT INTO tickets VALUES (?, ?, ?)", ticket, component.app_id, now)
        store.write("UPDATE components SET ticket_at = ? WHERE app_id = ?", now, component.app_id)
    return ticket


def check(store: Store, component: Component, ticket: str) -> None:
    """Raises ApiError 61006 for an unknown ticket, 61005 for one whose time is over."""
    found = store.row("SELECT * FROM tickets WHERE ticket = ? AND component = ?", ticket, component.app_id)
    if found is None:
        raise ApiError(61006)
    if found["issued_at"] + LIFE <= store.now():
        raise ApiError(61005)


def is_due(store: Store, component: Component) -> bool:
    """Whether ten minutes have passed since the last one."""
    sql = "SELECT count(*) FROM components WHERE app_id = ? AND ticket_at + ? <= ?"
    return store.count(sql, component.app_id, EVERY, store.now()) == 1
