"""Accounts nobody has connected yet: their owners have set up no server, so they wait for a platform."""

from __future__ import annotations

import secrets

from saas.simulator import accounts
from saas.simulator.accounts import Account
from saas.simulator.component import grants
from saas.simulator.component.registry import Component
from saas.simulator.store import Store

NAMES = ("城西体验店", "滨江书房", "老街面馆", "云上花坊", "小满烘焙", "南岸健身", "拾光照相馆", "青禾亲子")
MOST = 50


def create(store: Store, *, name: str, service: bool = True, verified: bool = True) -> Account:
    """One such account."""
    number = secrets.token_hex(8)
    kind = "service" if service else "subscription"
    values = {"app_id": f"wx{number}", "original_id": f"gh_{number[:12]}", "name": name, "direct": False,
              "service_type": kind, "verified": verified}  # fmt: skip
    return accounts.register(store, values)


def offer(store: Store, count: int) -> list[Account]:
    """As many as there should be waiting at least; those that were made now."""
    waiting = len([one for one in accounts.list_accounts(store) if _is_waiting(store, one)])
    taken = {one.name for one in accounts.list_accounts(store)}
    names = [name for name in NAMES if name not in taken]
    names += [f"{NAMES[number % len(NAMES)]} {number}" for number in range(2, MOST)]
    return [create(store, name=names[number]) for number in range(max(0, min(count, MOST) - waiting))]


def list_choices(store: Store, component: Component, only: str = "") -> tuple[list[Account], list[Account]]:
    """Accounts an owner may pick: those that have not authorised the platform, those without a server first; and those that have."""
    found = [one for one in accounts.list_accounts(store) if only in ("", one.app_id)]
    given = {grant.app_id for grant in grants.list_of_component(store, component, limit=100_000)}
    free = sorted((one for one in found if one.app_id not in given), key=lambda one: one.direct)
    return free, [one for one in found if one.app_id in given]


def _is_waiting(store: Store, account: Account) -> bool:
    return not account.direct and not grants.list_of_account(store, account.app_id)
