"""Parametric QR codes: a ticket, the scene behind it and its life."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from saas.simulator.accounts import Account
from saas.simulator.errcodes import Refused
from saas.simulator.store import Row, Store

NUMERIC = ("QR_SCENE", "QR_LIMIT_SCENE")


@dataclass(frozen=True, kw_only=True)
class Code:
    """One QR code. `scene` is what the fan's event will carry."""

    ticket: str
    action: str
    scene: str
    numeric: bool
    expires_at: int | None
    url: str

    @property
    def qr_scene(self) -> int:
        """The scene as user/info tells a numeric one."""
        return int(self.scene) if self.numeric else 0

    @property
    def qr_scene_str(self) -> str:
        """The scene as user/info tells a named one."""
        return "" if self.numeric else self.scene


def create_code(store: Store, account: Account, *, action: str, scene: str, seconds: int | None) -> Code:
    """Issues a ticket; a code without seconds is permanent."""
    ticket = f"gQ{secrets.token_urlsafe(60)}=="
    url = f"http://weixin.qq.com/q/02{secrets.token_urlsafe(18)}"
    now, numeric = store.now(), action in NUMERIC
    expires_at = now + seconds if seconds else None
    store.write(
        "INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ticket, account.app_id, action, scene, int(numeric), expires_at, url, now,
    )  # fmt: skip
    return Code(ticket=ticket, action=action, scene=scene, numeric=numeric, expires_at=expires_at, url=url)


def find_code(store: Store, ticket: str) -> Code | None:
    """The code of a ticket, also an expired one."""
    found = store.row("SELECT * FROM codes WHERE ticket = ?", ticket)
    return _from_row(found) if found else None


def access_code(store: Store, account: Account, *, ticket: str = "", scene: str = "") -> Code:
    """The account's code by its ticket, or the newest of a scene. Raises Refused when missing or expired."""
    found = store.row(
        "SELECT * FROM codes WHERE app_id = ? AND (ticket = ? OR (? = '' AND scene = ?)) ORDER BY created_at DESC, rowid DESC LIMIT 1",
        account.app_id, ticket, ticket, scene,
    )  # fmt: skip
    if found is None:
        raise Refused(_l("no such code of this account"), 404)
    code = _from_row(found)
    if code.expires_at is not None and code.expires_at <= store.now():
        raise Refused(_l("this code has expired"), 410)
    return code


def list_codes(store: Store, account: Account, *, limit: int = 200) -> list[Code]:
    """The codes that can be scanned now, newest first."""
    sql = """SELECT * FROM codes WHERE app_id = ? AND (expires_at IS NULL OR expires_at > ?)
             ORDER BY created_at DESC, rowid DESC LIMIT ?"""
    return [_from_row(row) for row in store.rows(sql, account.app_id, store.now(), limit)]


def _from_row(row: Row) -> Code:
    names = ("ticket", "action", "scene", "expires_at", "url")
    return Code(**{name: row[name] for name in names}, numeric=bool(row["numeric"]))
