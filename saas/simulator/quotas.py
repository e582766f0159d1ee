"""Daily quotas of each API, counted by Beijing days as Tencent counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from saas.simulator.errcodes import ApiError
from saas.simulator.store import Store

LIMITS = {
    "/cgi-bin/token": 2000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/menu/create": 1000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/get_current_selfmenu_info": 10_000,
    "/cgi-bin/menu/delete": 1000,
    "/cgi-bin/menu/addconditional": 2000,
    "/cgi-bin/menu/delconditional": 2000,
    "/cgi-bin/menu/trymatch": 20_000,
    "/cgi-bin/tags/create": 1000,
    "/cgi-bin/tags/get": 1000,
    "/cgi-bin/tags/update": 1000,
    "/cgi-bin/tags/delete": 1000,
    "/cgi-bin/tags/members/batchtagging": 100_000,
    "/cgi-bin/tags/members/batchuntagging": 100_000,
    "/cgi-bin/user/tag/get": 500,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/uploadimg": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/mass/send": 100,
    "/cgi-bin/message/mass/sendall": 100,
    "/cgi-bin/message/mass/delete": 10,
    "/cgi-bin/message/mass/preview": 100,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/user/get": 500,
    "/cgi-bin/user/info": 5_000_000,
    "/cgi-bin/user/info/batchget": 500_000,
    "/cgi-bin/user/info/updateremark": 10_000,
}
DEFAULT = 100_000
CLEARS_A_MONTH = 10


class Caller(Protocol):
    """Whose calls are counted: an account, or a platform for itself."""

    @property
    def app_id(self) -> str:
        """Its id."""

    @property
    def limits(self) -> Mapping[str, int]:
        """Its limits, where they differ from the table."""


def limit_of(account: Caller, path: str) -> int:
    """How often a day the path may be called."""
    return account.limits.get(path, LIMITS.get(path, DEFAULT))


def used_today(store: Store, account: Caller, path: str) -> int:
    """How often it was called today."""
    return store.count(
        "SELECT used FROM quotas WHERE app_id = ? AND path = ? AND day = ?", account.app_id, path, _day(store)
    )


def spend(store: Store, account: Caller, path: str) -> None:
    """Counts one call; raises ApiError 45009 above the day's limit."""
    with store.transaction():
        if used_today(store, account, path) >= limit_of(account, path):
            raise ApiError(45009)
        _count(store, account, path, _day(store))


def clear(store: Store, account: Caller) -> None:
    """Forgets the day's calls; raises ApiError 48006 after the month's tenth time."""
    month = _day(store)[:7]
    with store.transaction():
        done = store.count(
            "SELECT used FROM quotas WHERE app_id = ? AND path = 'clear_quota' AND day = ?", account.app_id, month
        )
        if done >= CLEARS_A_MONTH:
            raise ApiError(48006)
        store.write("DELETE FROM quotas WHERE app_id = ? AND day = ?", account.app_id, _day(store))
        _count(store, account, "clear_quota", month)


def _count(store: Store, account: Caller, path: str, day: str) -> None:
    store.write(
        "INSERT INTO quotas VALUES (?, ?, ?, 1) ON CONFLICT (app_id, path, day) DO UPDATE SET used = used + 1",
        account.app_id,
        path,
        day,
    )


def _day(store: Store) -> str:
    return store.moment().date().isoformat()
