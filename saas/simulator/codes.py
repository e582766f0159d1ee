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
    code = Code(
        ticket=new_ticket(),
        action=action,
        scene=scene,
        numeric=action in NUMERIC,
        expires_at=store.now() + seconds if seconds else None,
        url=f"http://weixin.qq.com/q/02{secrets.token_urlsafe(18)}",
    )
    store_code(store, account, code)
    return code


def store_code(store: Store, account: Account, code: Code) -> None:
    """Keeps a code, also one whose ticket was issued elsewhere; a known ticket stays as it is."""
    store.write(
        "INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        code.ticket, account.app_id, code.action, code.scene, int(code.numeric), code.expires_at, code.url, store.now(),
    )  # fmt: skip


def printed_code(scene: str, *, ticket: str = "", url: str = "") -> Code:
    """A permanent code made before anyone looked."""
    numeric = scene.isdecimal() and 1 <= int(scene) <= 100_000
    action = "QR_LIMIT_SCENE" if numeric else "QR_LIMIT_STR_SCENE"
    address = url or f"http://weixin.qq.com/q/02{secrets.token_urlsafe(18)}"
    return Code(
        ticket=ticket or new_ticket(), action=action, scene=scene, numeric=numeric, expires_at=None, url=address
    )


def new_ticket() -> str:
    """A ticket as Tencent's look."""
    return f"gQ{secrets.token_urlsafe(60)}=="


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
