"""Tells the simulator of the demo's accounts and followers, so that it is their WeChat from the first moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import requests
from sqlalchemy import text

from saas.config import Config
from saas.db import db
from saas.simulator.app import create_app
from saas.simulator.settings import SimulatorSettings
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.accounts.demo import connection_settings
from tenants.accounts.services import list_accounts

A_TIME = 5_000
TAKEN = 409

_FOLLOWERS = text("""
    SELECT openid, coalesce(unionid, '') AS unionid, extract(epoch FROM subscribed_at)::bigint AS subscribe_time,
        coalesce(scene, '') AS scene
    FROM fans WHERE tenant_id = app_tenant() AND account_id = :account AND subscribed AND openid IS NOT NULL
    ORDER BY subscribed_at
""")


class Simulated:
    """The simulator's administrative API: over the network when it listens, else inside this process on its file."""

    def __init__(self, config: Config) -> None:
        self._url = config.simulator_url
        self._inside = None if _listens(self._url) else create_app(SimulatorSettings.from_config(config)).test_client()

    def register(self, tenants: Sequence[TenantRecord]) -> None:
        """Every connected account of the brands, with the fans who follow it now."""
        for tenant in tenants:
            with enter(system_scope(tenant)):
                for account in list_accounts():
                    if account.is_connected:
                        self._register(account)

    def _register(self, account: Any) -> None:
        app_id = account.connection.app_id
        self._post("/_sim/accounts", {**connection_settings(account.connection), "name": account.name})
        for fans in _in_parts(db.session.execute(_FOLLOWERS, {"account": account.id}).mappings().all()):
            self._post(f"/_sim/accounts/{app_id}/fans", {"fans": fans})

    def _post(self, path: str, values: dict[str, Any]) -> None:
        if self._inside is None:
            status = requests.post(f"{self._url}{path}", json=values, timeout=60).status_code
        else:
            status = self._inside.post(path, json=values).status_code
        # Taken: a load that was broken off had told these already.
        if status not in {200, TAKEN}:
            raise RuntimeError(f"the simulator refused {path}: {status}")


def _in_parts(rows: Sequence[Any]) -> Iterator[list[dict[str, Any]]]:
    for first in range(0, len(rows), A_TIME):
        yield [dict(row) for row in rows[first : first + A_TIME]]


def _listens(url: str) -> bool:
    try:
        return requests.get(f"{url}/_sim/accounts", timeout=2).ok
    except requests.RequestException:
        return False
