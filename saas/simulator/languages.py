"""Chinese by default, English by the switch; remembered in a cookie."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, request
from flask_babel import Babel

LANGUAGES = ("zh", "en")
COOKIE = "simulator_language"


def init_app(app: Flask, translations: Path) -> None:
    """Loads the sentences and chooses a language per request."""
    app.config["BABEL_DEFAULT_LOCALE"] = "zh"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = f"{translations / 'saas'};{translations / 'simulator'}"
    Babel(app, locale_selector=current)
    app.after_request(_remember)


def current() -> str:
    """The language of this request: the address's, else the cookie's, else Chinese; programs are told in English."""
    if request.path.startswith("/_sim/"):
        return "en"
    for wanted in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wanted in LANGUAGES:
            return wanted
    return LANGUAGES[0]


def other() -> str:
    """The language to switch to."""
    return LANGUAGES[1 - LANGUAGES.index(current())]


def _remember(response: Response) -> Response:
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, current(), max_age=31_536_000, samesite="Lax", httponly=True)
    return response
