"""Secrets at rest: a data key per tenant, wrapped by the master key that stands outside the database (AES-256-GCM)."""

from __future__ import annotations

import base64
import binascii
import os
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, current_app

from saas.db import db
from saas.errors import AppError
from saas.tenancy.models import Tenant

NONCE = 12


class Unreadable(AppError):
    """A sealed value doesn't open: wrong master key, or moved from another row."""

    code = "sealed_value_unreadable"
    status = 500


class Box:
    """Seals and opens with one key. The context (table, id, field) is authenticated: a value moved elsewhere won't open."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, value: bytes, context: str) -> bytes:
        """The sealed form of `value`: nonce, ciphertext and tag."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, value, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """The value; raises Unreadable when key or context differ."""
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())
        except InvalidTag:
            raise Unreadable from None


class Ring:
    """The master keys as one box, for the few secrets that are no brand's: the first seals, all open."""

    def __init__(self, boxes: tuple[Box, ...]) -> None:
        self._boxes = boxes

    def seal(self, value: bytes, context: str) -> bytes:
        """The sealed form of `value`."""
        return self._boxes[0].seal(value, context)

    def open(self, sealed: bytes, context: str) -> bytes:
        """The value; raises Unreadable when no key opens it."""
        for box in self._boxes:
            try:
                return box.open(sealed, context)
            except Unreadable:
                continue
        raise Unreadable


class Sealing(Protocol):
    """What seals and opens: a tenant's box, or the deployment's ring."""

    def seal(self, value: bytes, context: str) -> bytes:
        """The sealed form of `value`."""
        ...

    def open(self, sealed: bytes, context: str) -> bytes:
        """The value; raises Unreadable."""
        ...


def init_app(app: Flask, master_key: str) -> None:
    """Reads the master keys: base64 of 32 bytes each, separated by commas; the first wraps, all unwrap."""
    app.extensions["master_boxes"] = tuple(Box(_decode(key)) for key in master_key.split(",") if key)


def new_wrapped_key(tenant_id: UUID) -> bytes:
    """A fresh data key for a tenant, wrapped."""
    return _master_boxes()[0].seal(AESGCM.generate_key(256), _context(tenant_id))


def deployment_ring() -> Ring:
    """Seals what belongs to the deployment itself, as its ticket of the Open Platform."""
    return Ring(_master_boxes())


def box_of(tenant_id: UUID) -> Box:
    """The tenant's box; reads its wrapped key once per process. Needs a scope on a first call."""
    return _box(current_app.extensions["master_boxes"], tenant_id)


@lru_cache(maxsize=4096)
def _box(masters: tuple[Box, ...], tenant_id: UUID) -> Box:
    tenant = db.session.get_one(Tenant, tenant_id)
    for master in masters:
        try:
            return Box(master.open(tenant.wrapped_key, _context(tenant_id)))
        except Unreadable:
            continue
    raise Unreadable


def _master_boxes() -> tuple[Box, ...]:
    boxes: tuple[Box, ...] = current_app.extensions["master_boxes"]
    return boxes


def _context(tenant_id: UUID) -> str:
    return f"tenants|{tenant_id}|wrapped_key"


def _decode(key: str) -> bytes:
    try:
        raw = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        raise SystemExit("MASTER_KEY must be base64 of 32 bytes: `make run` generates it, see README, Configuration.")
    return raw
