"""What owners gave to platforms: codes that lead to a grant, the grant itself, and its end."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field

from saas.simulator.component.registry import Component
from saas.simulator.errcodes import ApiError
from saas.simulator.store import Row, Store

PREAUTH_LIFE = 1800
AUTH_LIFE = 600
OPTIONS = {"location_report": ("0", "1", "2"), "voice_recognize": ("0", "1"), "customer_service": ("0", "1")}


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One account's authorisation of one platform."""

    component: str
    app_id: str
    sets: tuple[int, ...]
    refresh_token: str = field(repr=False)
    older_token: str = field(repr=False)
    authorised_at: int
    options: dict[str, str]


def create_preauth_code(store: Store, component: Component) -> str:
    """A code for one visit of the page."""
    code = f"preauthcode@@@{secrets.token_urlsafe(48)}"
    expires_at = store.now() + PREAUTH_LIFE
    store.write(
        "INSERT INTO preauth_codes (code, component, expires_at) VALUES (?, ?, ?)", code, component.app_id, expires_at
    )
    return code


def is_open(store: Store, component: Component, code: str) -> bool:
    """Whether a preauth code still opens the page."""
    sql = "SELECT count(*) FROM preauth_codes WHERE code = ? AND component = ? AND NOT used AND expires_at > ?"
    return store.count(sql, code, component.app_id, store.now()) == 1


def use_preauth_code(store: Store, component: Component, code: str) -> bool:
    """Uses it up; False when it opens nothing (any more)."""
    with store.transaction():
        was_open = is_open(store, component, code)
        store.write("UPDATE preauth_codes SET used = 1 WHERE code = ?", code)
        return was_open


def create_auth_code(store: Store, component: Component, app_id: str) -> tuple[str, int]:
    """A code that query_auth takes once, and when it ends."""
    code, expires_at = f"queryauthcode@@@{secrets.token_urlsafe(48)}", store.now() + AUTH_LIFE
    sql = "INSERT INTO auth_codes (code, component, app_id, expires_at) VALUES (?, ?, ?, ?)"
    store.write(sql, code, component.app_id, app_id, expires_at)
    return code, expires_at


def redeem(store: Store, component: Component, code: str) -> Grant:
    """The grant behind an auth code, which is used up. Raises ApiError 61009 (unknown), 61010 (late or used), 61003 (taken back)."""
    with store.transaction():
        found = store.row("SELECT * FROM auth_codes WHERE code = ? AND component = ?", code, component.app_id)
        if found is None:
            raise ApiError(61009)
        if found["used"] or found["expires_at"] <= store.now():
            raise ApiError(61010)
        store.write("UPDATE auth_codes SET used = 1 WHERE code = ?", code)
        return access_grant(store, component, str(found["app_id"]))


def give(store: Store, component: Component, app_id: str, sets: tuple[int, ...]) -> str:
    """Authorises, or authorises again: older refresh tokens die. The event that tells of it; none when nothing changed."""
    with store.transaction():
        before = find_grant(store, component.app_id, app_id)
        store.write(
            """INSERT INTO grants (component, app_id, sets, refresh_token, authorised_at) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET sets = excluded.sets, refresh_token = excluded.refresh_token, older_token = '',
               authorised_at = excluded.authorised_at""",
            component.app_id, app_id, json.dumps(sets), _new_refresh_token(), store.now(),
        )  # fmt: skip
    if before is None:
        return "authorized"
    return "" if before.sets == sets else "updateauthorized"


def take_back(store: Store, component: Component, app_id: str) -> bool:
    """Ends a grant and its tokens; False when there was none."""
    with store.transaction():
        store.write("DELETE FROM tokens WHERE app_id = ? AND component = ?", app_id, component.app_id)
        sql = "DELETE FROM grants WHERE component = ? AND app_id = ?"
        return store.write(sql, component.app_id, app_id) == 1


def refresh(store: Store, component: Component, app_id: str, token: str) -> Grant:
    """The grant after a refresh. Raises ApiError 61003 or 61023. When the platform rotates, the older token lives until the newer is used."""
    with store.transaction():
        grant = access_grant(store, component, app_id)
        if not token or token not in (grant.refresh_token, grant.older_token):
            raise ApiError(61023)
        if token == grant.refresh_token:
            newest = _new_refresh_token() if component.rotate else token
            older = token if component.rotate else ""
            sql = "UPDATE grants SET refresh_token = ?, older_token = ? WHERE component = ? AND app_id = ?"
            store.write(sql, newest, older, component.app_id, app_id)
        return access_grant(store, component, app_id)


def set_option(store: Store, grant: Grant, name: str, value: str) -> None:
    """Sets one of the account's options. Raises ApiError for an unknown name or value."""
    if value not in OPTIONS.get(name, ()):
        raise ApiError(40035)
    sql = "UPDATE grants SET options = ? WHERE component = ? AND app_id = ?"
    store.write(sql, json.dumps({**grant.options, name: value}), grant.component, grant.app_id)


def find_grant(store: Store, component_id: str, app_id: str) -> Grant | None:
    """The grant, if there is one."""
    found = store.row("SELECT * FROM grants WHERE component = ? AND app_id = ?", component_id, app_id)
    return _from_row(found) if found else None


def access_grant(store: Store, component: Component, app_id: str) -> Grant:
    """The grant; raises ApiError 61003 when the account has not authorised the platform."""
    found = find_grant(store, component.app_id, app_id)
    if found is None:
        raise ApiError(61003)
    return found


def list_of_account(store: Store, app_id: str) -> list[Grant]:
    """Whom an account has authorised, the first on top."""
    return [_from_row(row) for row in store.rows("SELECT * FROM grants WHERE app_id = ? ORDER BY rowid", app_id)]


def list_of_component(store: Store, component: Component, *, offset: int = 0, limit: int = 500) -> list[Grant]:
    """A page of a platform's grants, oldest first."""
    sql = "SELECT * FROM grants WHERE component = ? ORDER BY rowid LIMIT ? OFFSET ?"
    return [_from_row(row) for row in store.rows(sql, component.app_id, limit, offset)]


def count_of_component(store: Store, component: Component) -> int:
    """How many accounts have authorised a platform."""
    return store.count("SELECT count(*) FROM grants WHERE component = ?", component.app_id)


def _new_refresh_token() -> str:
    return f"refreshtoken@@@{secrets.token_urlsafe(43)}"


def _from_row(row: Row) -> Grant:
    names = ("component", "app_id", "refresh_token", "older_token", "authorised_at")
    plain = {name: row[name] for name in names}
    return Grant(**plain, sets=tuple(json.loads(row["sets"])), options=json.loads(row["options"]))
