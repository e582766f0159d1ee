"""Access tokens: the classic one, whose newest kills the older, and the stable one."""

from __future__ import annotations

import secrets

from saas.simulator.accounts import Account
from saas.simulator.errcodes import ApiError
from saas.simulator.store import Row, Store

LIFE = 7200
OVERLAP = 300
FORCED_PAUSE = 30
FORCED_A_DAY = 20


def issue(store: Store, account: Account) -> tuple[str, int]:
    """A new classic token; the older ones of the account end after the overlap."""
    now = store.now()
    with store.transaction():
        store.write("DELETE FROM tokens WHERE dies_at < ?", now - 86_400)
        _retire(store, account, "classic", now)
        return _new_token(store, account, "classic", now), LIFE


def issue_stable(store: Store, account: Account, *, forced: bool) -> tuple[str, int]:
    """The stable token and the seconds it has left; a forced one ends the older after the overlap."""
    now = store.now()
    with store.transaction():
        newest = _newest_stable(store, account)
        if newest and newest["expires_at"] - now > OVERLAP and not (forced and _may_force(store, account, newest, now)):
            return str(newest["token"]), int(newest["expires_at"]) - now
        if forced:
            _retire(store, account, "stable", now)
        return _new_token(store, account, "stable", now), LIFE


def owner(store: Store, token: str) -> str:
    """The app_id a token speaks for; raises ApiError when it is malformed, replaced or expired."""
    if len(token) < 20 or not token.isascii() or " " in token:
        raise ApiError(40014)
    found = store.row("SELECT * FROM tokens WHERE token = ?", token)
    now = store.now()
    if found is None:
        raise ApiError(40001)
    if now >= found["expires_at"]:
        raise ApiError(42001)
    if now >= found["dies_at"]:
        raise ApiError(40001)
    return str(found["app_id"])


def _newest_stable(store: Store, account: Account) -> Row | None:
    sql = "SELECT * FROM tokens WHERE app_id = ? AND kind = 'stable' ORDER BY issued_at DESC, rowid DESC LIMIT 1"
    return store.row(sql, account.app_id)


def _may_force(store: Store, account: Account, newest: Row, now: int) -> bool:
    if now - newest["issued_at"] < FORCED_PAUSE:
        return False
    sql = "SELECT count(*) FROM quotas WHERE app_id = ? AND path = 'force_refresh' AND day = ? AND used >= ?"
    day = store.moment().date().isoformat()
    if store.count(sql, account.app_id, day, FORCED_A_DAY):
        raise ApiError(45009)
    store.write(
        "INSERT INTO quotas VALUES (?, 'force_refresh', ?, 1) ON CONFLICT (app_id, path, day) DO UPDATE SET used = used + 1",
        account.app_id, day,
    )  # fmt: skip
    return True


def _retire(store: Store, account: Account, kind: str, now: int) -> None:
    store.write(
        "UPDATE tokens SET dies_at = min(dies_at, ?) WHERE app_id = ? AND kind = ?", now + OVERLAP, account.app_id, kind
    )


def _new_token(store: Store, account: Account, kind: str, now: int) -> str:
    token = f"{secrets.randbelow(80) + 10}_{secrets.token_urlsafe(96)}"
    store.write(
        "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?)", token, account.app_id, kind, now, now + LIFE, now + LIFE
    )
    return token
