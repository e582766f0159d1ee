"""Links that open a page without a log-in: signed, for one purpose, for a time."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, TimestampSigner

from saas.errors import AppError, NotFound

FACT = re.compile(r"[A-Za-z0-9_-]*")


class LinkExpired(AppError):
    """The link was ours, but its time is over."""

    code = "link_expired"
    status = 410


def sign_link(purpose: str, *facts: str) -> str:
    """The token of a link, which opens for the same purpose alone; facts are letters, digits, - and _."""
    if not all(FACT.fullmatch(fact) for fact in facts):
        raise ValueError("a fact of a link is made of letters, digits, - and _")
    return _signer(purpose).sign(".".join(facts)).decode()


def open_link(purpose: str, token: str, *, lasts: timedelta) -> tuple[str, ...]:
    """The facts that were signed; raises NotFound for what we never signed, and LinkExpired."""
    try:
        value = _signer(purpose).unsign(token, max_age=int(lasts.total_seconds()))
    except SignatureExpired:
        raise LinkExpired from None
    except (BadSignature, UnicodeError):
        raise NotFound from None
    return tuple(value.decode().split("."))


def _signer(purpose: str) -> TimestampSigner:
    return TimestampSigner(current_app.config["SECRET_KEY"], salt=f"link|{purpose}")
