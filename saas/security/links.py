"""Links that open a page without a log-in: signed, for one purpose, for a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from saas.errors import AppError, NotFound


class LinkExpired(AppError):
    """The link was ours, but its time is over."""

    code = "link_expired"
    status = 410


def sign_link(purpose: str, *facts: str) -> str:
    """The token of a link; it opens for the same purpose alone."""
    token: str = _serializer(purpose).dumps(facts)
    return token


def open_link(purpose: str, token: str, *, lasts: timedelta) -> tuple[tuple[str, ...], datetime]:
    """The facts and when they were signed; raises NotFound for what we never signed, and LinkExpired."""
    try:
        facts, signed_at = _serializer(purpose).loads(token, max_age=int(lasts.total_seconds()), return_timestamp=True)
    except SignatureExpired:
        raise LinkExpired from None
    except BadSignature:
        raise NotFound from None
    return tuple(facts), signed_at


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"link|{purpose}")
