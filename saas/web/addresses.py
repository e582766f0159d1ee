"""Addresses for elsewhere: links that are sent to people, and those WeChat leads back to."""

from __future__ import annotations

from flask import current_app, url_for


def public_address(endpoint: str, **values: str) -> str:
    """A page's address as the world reaches it, whatever host the present request came by."""
    base: str = current_app.config["SETTINGS"].public_url
    return base + url_for(endpoint, _external=False, **values)
