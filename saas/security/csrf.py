"""CSRF: a token on every unsafe request of a browser; programs bring a bearer token instead."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Checks all but what is exempted: the API."""
    csrf.init_app(app)
