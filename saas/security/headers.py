"""The headers of every answer: a strict Content-Security-Policy with a nonce per request."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, has_request_context


def csp_nonce() -> str:
    """This request's nonce for the few inline scripts that a page needs."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def init_app(app: Flask, stream_url: str) -> None:
    """Sets the policy and its companions on every answer that has none yet."""

    @app.after_request
    def protect(response: Response) -> Response:
        if has_request_context() and response.mimetype == "text/html":
            response.headers.setdefault("Content-Security-Policy", _policy(csp_nonce(), stream_url))
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
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
