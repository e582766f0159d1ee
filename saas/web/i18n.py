"""Two languages, Chinese and English: by the person's setting, the cookie, or the browser's wish; times in the tenant's zone."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, refresh

from saas.tenancy.scope import scope_or_none

LANGUAGES = ("zh", "en")
ROOT = Path(__file__).resolve().parents[2] / "translations"


def init_app(app: Flask) -> None:
    """Reads the catalogues of every room below translations/."""
    rooms = sorted(str(path) for path in ROOT.iterdir() if path.is_dir()) if ROOT.is_dir() else []
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(rooms)
    app.config["BABEL_DEFAULT_LOCALE"] = "zh"
    Babel(app, locale_selector=pick_language, timezone_selector=_zone)
    # Requests inside one application context (the command line, tests) share what babel remembers.
    app.before_request(refresh)


def pick_language() -> str:
    """The language of this request."""
    if not has_request_context():
        return "zh"
    chosen = request.cookies.get("language")
    if chosen in LANGUAGES:
        return chosen
    identity = g.get("identity")
    if identity is not None and identity.language in LANGUAGES:
        return str(identity.language)
    return request.accept_languages.best_match(LANGUAGES) or "zh"


def compile_catalogues(root: Path = ROOT) -> int:
    """Writes a .mo beside every .po that is newer; returns how many catalogues there are."""
    catalogues = sorted(root.glob("*/*/LC_MESSAGES/messages.po"))
    for source in catalogues:
        # Written aside and then put in place: another process may be reading the catalogue just now.
        fresh = source.with_suffix(f".{uuid4().hex}.mo")
        with source.open("rb") as text, fresh.open("wb") as binary:
            write_mo(binary, read_po(text))
        fresh.replace(source.with_suffix(".mo"))
    return len(catalogues)


def _zone() -> str:
    scope = scope_or_none()
    return scope.tenant.time_zone if scope is not None else "Asia/Shanghai"
