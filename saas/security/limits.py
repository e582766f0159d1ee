"""Rate limits, kept in Redis; while Redis is away each process counts for itself."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

# No list of fallback limits: it would hold for every page and callback, not for those that have a limit.
limiter = Limiter(get_remote_address, headers_enabled=True, in_memory_fallback_enabled=True)


def init_app(app: Flask, redis_url: str) -> None:
    """Counts in Redis when there is one."""
    app.config["RATELIMIT_STORAGE_URI"] = redis_url or "memory://"
    limiter.init_app(app)
