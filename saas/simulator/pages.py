"""The page of the phone, its words, and the headers of every answer."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, render_template

from saas.simulator import languages
from saas.simulator.gate import as_json
from saas.simulator.words import WORDS

blueprint = Blueprint("pages", __name__)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; media-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def init_app(app: Flask) -> None:
    """Puts the headers on every answer."""
    app.after_request(_protect)


@blueprint.get("/")
def show_phone() -> str:
    """The phone."""
    return render_template("simulator/phone.html", language=languages.current(), other=languages.other())


@blueprint.get("/words")
def list_words() -> Response:
    """The phone's sentences in the chosen language, for its scripts."""
    return as_json({name: str(text) for name, text in WORDS.items()})


@blueprint.get("/healthz")
def health() -> str:
    """Alive."""
    return "ok"


def _protect(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
