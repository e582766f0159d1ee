"""Temporary media: kept three days, then the media_id is unknown."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from saas.simulator.accounts import Account
from saas.simulator.errcodes import ApiError
from saas.simulator.store import Row, Store

LIFE = 3 * 86_400
MEBI = 1_048_576
PERMANENT = ("uploadimg",)


@dataclass(frozen=True)
class Kind:
    """What one type of media may be: bytes, file endings, and the codes for too large and wrong."""

    size: int
    endings: tuple[str, ...]
    too_large: int


KINDS: Mapping[str, Kind] = {
    "image": Kind(10 * MEBI, ("png", "jpg", "jpeg", "gif", "bmp"), 40009),
    "voice": Kind(2 * MEBI, ("amr", "mp3"), 40010),
    "video": Kind(10 * MEBI, ("mp4",), 40011),
    "thumb": Kind(64 * 1024, ("jpg", "jpeg", "png"), 40012),
    "uploadimg": Kind(MEBI, ("jpg", "jpeg", "png"), 40009),
}
MIMES = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp",
    "amr": "audio/amr", "mp3": "audio/mpeg", "mp4": "video/mp4",
}  # fmt: skip


@dataclass(frozen=True)
class Media:
    """One stored file."""

    media_id: str
    app_id: str
    type: str
    filename: str
    mimetype: str
    content: bytes
    created_at: int


def upload(store: Store, account: Account, kind: str, *, filename: str, content: bytes) -> Media:
    """Stores a file; raises ApiError when type, ending or size is not allowed."""
    if kind not in KINDS:
        raise ApiError(40004)
    ending = filename.rsplit(".", 1)[-1].lower()
    if ending not in KINDS[kind].endings:
        raise ApiError(40005)
    if not content:
        raise ApiError(44001)
    if len(content) > KINDS[kind].size:
        raise ApiError(KINDS[kind].too_large)
    stored = Media(secrets.token_urlsafe(48), account.app_id, kind, filename, MIMES[ending], content, store.now())
    store.write(
        "INSERT INTO media VALUES (?, ?, ?, ?, ?, ?, ?)",
        stored.media_id, stored.app_id, kind, filename, stored.mimetype, content, stored.created_at,
    )  # fmt: skip
    return stored


def find(store: Store, account: Account, media_id: str) -> Media | None:
    """A file of the account that has not expired."""
    row = store.row("SELECT * FROM media WHERE media_id = ? AND app_id = ?", media_id, account.app_id)
    return _live(store, row)


def find_public(store: Store, media_id: str) -> Media | None:
    """A file by its address alone, as on Tencent's picture host."""
    return _live(store, store.row("SELECT * FROM media WHERE media_id = ?", media_id))


def _live(store: Store, row: Row | None) -> Media | None:
    if row is None or (row["type"] not in PERMANENT and row["created_at"] + LIFE <= store.now()):
        return None
    return Media(*tuple(row))
