"""Access tokens: the classic one, whose newest kills the older, the stable one, and those of platforms."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from saas.simulator.accounts import Account
from saas.simulator.errcodes import ApiError
from saas.simulator.store import Row, Store

LIFE = 7200
OVERLAP = 300
FORCED_PAUSE = 30
FORCED_A_DAY = 20


@dataclass(frozen=True)
class Holder:
    """Whom a token speaks for. kind: classic, stable, authorizer (an account by its platform) or component (the platform itself)."""

    app_id: str
    kind: str
    component: str


def issue(store: Store, app_id: str, kind: str = "classic", *, component: str = "") -> tuple[str, int]:
    """A new token; the older ones of the same holder end after the overlap."""
    now = store.now()
    with store.transaction():
        store.write("DELETE FROM tokens WHERE dies_at < ?", now - 86_400)
        holder = Holder(app_id, kind, component)
        _retire(store, holder, now)
        return _new_token(store, holder, now), LIFE


def kill(store: Store, app_id: str) -> int:
    """Ends all tokens of an account at once; how many."""
    return store.write("DELETE FROM tokens WHERE app_id = ?", app_id)


def issue_stable(store: Store, account: Account, *, forced: bool) -> tuple[str, int]:
    """The stable token and the seconds it has left; a forced one ends the older after the overlap."""
    now = store.now()
    with store.transaction():
        newest = _newest_stable(store, account)
        if newest and newest["expires_at"] - now > OVERLAP and not (forced and _may_force(store, account, newest, now)):
            return str(newest["token"]), int(newest["expires_at"]) - now
        holder = Holder(account.app_id, "stable", "")
        if forced:
            _retire(store, holder, now)
        return _new_token(store, holder, now), LIFE


def holder_of(store: Store, token: str) -> Holder:
    """Whom a token speaks for; raises ApiError when it is malformed, replaced or expired."""
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
    return Holder(found["app_id"], found["kind"], found["component"])


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


def _retire(store: Store, holder: Holder, now: int) -> None:
    sql = "UPDATE tokens SET dies_at = min(dies_at, ?) WHERE app_id = ? AND kind = ? AND component = ?"
    store.write(sql, now + OVERLAP, holder.app_id, holder.kind, holder.component)


def _new_token(store: Store, holder: Holder, now: int) -> str:
    token = f"{secrets.randbelow(80) + 10}_{secrets.token_urlsafe(96)}"
    sql = """INSERT INTO tokens (token, app_id, kind, component, issued_at, expires_at, dies_at)
             VALUES (?, ?, ?, ?, ?, ?, ?)"""
    store.write(sql, token, holder.app_id, holder.kind, holder.component, now, now + LIFE, now + LIFE)
    return token
