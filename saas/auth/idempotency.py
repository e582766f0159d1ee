"""A request sent twice gets the first answer again and acts once: the header `Idempotency-Key`, or a form's field `once`."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask import Response, make_response, redirect, request
from sqlalchemy import delete, select, text

from saas import clock
from saas.db import db
from saas.errors import Conflict, Invalid
from saas.tenancy.models import IdempotencyKey
from saas.tenancy.scope import Principal

HEADER, FIELD = "Idempotency-Key", "once"
LONGEST = 255
KEPT = timedelta(days=2)
"""How long a repeat gets the first answer; then the key is free again."""
TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def find_stored(principal: Principal) -> Response | None:
    """The stored answer to this request, or None when it is new. Raises Conflict when the key meant another request."""
    key = _key(principal)
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
    answer = _answer_of(stored)
    answer.headers["Idempotent-Replayed"] = "true"
    version = (answer.get_json(silent=True) or {}).get("version")
    if version is not None:
        answer.set_etag(str(version))
    return answer


def store(principal: Principal, response: Response) -> None:
    """Keeps the answer beside what the request created, in the same transaction."""
    key = _key(principal)
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
            body=(response.location or "").encode() if _leads_on(response.status_code) else response.get_data(),
            content_type=response.content_type or "",
        )
    )


def _answer_of(stored: IdempotencyKey) -> Response:
    if _leads_on(stored.status):
        return make_response(redirect(stored.body.decode(), stored.status))
    return Response(stored.body, status=stored.status, content_type=stored.content_type)


def _leads_on(status: int) -> bool:
    return 300 <= status < 400


def _key(principal: Principal) -> str | None:
    if request.method != "POST" or not (principal.token_id or principal.user_id):
        return None
    is_api = request.path.startswith("/api/")
    key = request.headers.get(HEADER) if is_api else request.form.get(FIELD)
    if key is not None and not 0 < len(key) <= LONGEST:
        raise Invalid({HEADER if is_api else FIELD: [f"1–{LONGEST}"]})
    return key


def _owner(principal: Principal) -> str:
    return str(principal.token_id or principal.user_id)


def _fingerprint() -> bytes:
    # A form was read from the stream before; its token says only who sends.
    typed = sorted(pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token")
    body = repr(typed).encode() if typed else request.get_data()
    return hashlib.sha256(request.full_path.encode() + b"\n" + body).digest()
