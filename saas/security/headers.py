"""The headers of every answer: a strict Content-Security-Policy with a nonce per request."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, has_request_context, request

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def csp_nonce() -> str:
    """This request's nonce for the few inline scripts that a page needs."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def stream_origin() -> str:
    """Where live pages listen; on one machine under the host name that the browser used, so that cookies go along."""
    origin: str = current_app.extensions["stream_url"]
    parts = urlsplit(origin)
    if parts.hostname not in LOOPBACK or not has_request_context():
        return origin
    host = urlsplit(f"//{request.host}").hostname
    return f"{parts.scheme}://{host}:{parts.port}" if host in LOOPBACK else origin


def hide_address() -> None:
    """This page's address is a secret: what it leads to, its own style sheets too, hears of the origin alone."""
    g.referrer_policy = "origin"


def init_app(app: Flask, stream_url: str) -> None:
    """Sets the policy and its companions on every answer that has none yet."""
    app.extensions["stream_url"] = stream_url

    @app.after_request
    def protect(response: Response) -> Response:
        if has_request_context() and response.mimetype == "text/html":
            response.headers.setdefault("Content-Security-Policy", _policy(csp_nonce(), stream_origin()))
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", g.get("referrer_policy", "same-origin"))
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response


def _policy(nonce: str, stream_url: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            f"connect-src 'self' {stream_url}".strip(),
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        )
    )
