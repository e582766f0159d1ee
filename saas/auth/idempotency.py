"""`Idempotency-Key`: a creating request sent twice gets the first answer again and creates once."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask import Response, request
from sqlalchemy import delete, select, text

from saas import clock
from saas.db import db
from saas.errors import Conflict, Invalid
from saas.tenancy.models import IdempotencyKey
from saas.tenancy.scope import Principal

HEADER = "Idempotency-Key"
LONGEST = 255
KEPT = timedelta(days=2)
"""How long a repeat gets the first answer; then the key is free again."""
TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def find_stored(principal: Principal) -> Response | None:
    """The stored answer to this request, or None when it is new. Raises Conflict when the key meant another request."""
    key = _key()
    if key is None:
        return None
    # Requests with one key go one after the other: the second finds the answer of the first.
    db.session.execute(TURN, {"key": f"{_owner(principal)} {key}"})
    query = select(IdempotencyKey).where(IdempotencyKey.principal == _owner(principal), IdempotencyKey.key == key)
    stored = db.session.scalar(query)
    if stored is None:
        return None
    if stored.fingerprint != _fingerprint():
        raise Conflict(code="idempotency_key_reused")
    answer = Response(stored.body, status=stored.status, content_type=stored.content_type)
    answer.headers["Idempotent-Replayed"] = "true"
    version = (answer.get_json(silent=True) or {}).get("version")
    if version is not None:
        answer.set_etag(str(version))
    return answer


def store(principal: Principal, response: Response) -> None:
    """Keeps the answer beside what the request created, in the same transaction."""
    key = _key()
    if key is None:
        return
    too_old = (IdempotencyKey.principal == _owner(principal)) & (IdempotencyKey.created_at < clock.now() - KEPT)
    db.session.execute(delete(IdempotencyKey).where(too_old))
    db.session.add(
        IdempotencyKey(
            principal=_owner(principal),
            key=key,
            fingerprint=_fingerprint(),
            status=response.status_code,
            body=response.get_data(),
            content_type=response.content_type or "",
        )
    )


def _key() -> str | None:
    key = request.headers.get(HEADER) if request.method == "POST" and request.path.startswith("/api/") else None
    if key is not None and not 0 < len(key) <= LONGEST:
        raise Invalid({HEADER: [f"1–{LONGEST}"]})
    return key


def _owner(principal: Principal) -> str:
    return str(principal.token_id or principal.user_id)


def _fingerprint() -> bytes:
    return hashlib.sha256(request.full_path.encode() + b"\n" + request.get_data()).digest()
