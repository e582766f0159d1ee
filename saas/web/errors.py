"""Errors translated once: a page, a fragment for htmx, or problem+json (RFC 9457) for programs."""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from flask import Flask, Response, g, json, make_response, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from saas.errors import AppError, Conflict, Invalid, NotFound, StaleVersion, Unauthenticated
from saas.security.faults import describe
from saas.web.forms import flattened
from saas.web.render import is_fragment, render

PROBLEM = "application/problem+json"
log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Registers the translations and gives each request an id."""

    @app.before_request
    def name_request() -> None:
        g.request_id = secrets.token_hex(8)

    @app.after_request
    def show_request_id(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        return response

    app.register_error_handler(AppError, translate)
    app.register_error_handler(StaleDataError, lambda _error: translate(StaleVersion()))
    app.register_error_handler(IntegrityError, lambda _error: translate(Conflict()))
    app.register_error_handler(DataError, lambda _error: translate(Invalid()))
    app.register_error_handler(HTTPException, translate_http)
    app.register_error_handler(Exception, translate_fault)


def wants_json() -> bool:
    """Whether the caller is a program."""
    return request.path.startswith("/api/")


def translate(error: AppError) -> Response:
    """An AppError as the caller's kind of answer."""
    if isinstance(error, Unauthenticated) and not wants_json():
        return _to_login()
    return _answer(error.status, error.code, str(error.shown), error.data)


def translate_http(error: HTTPException) -> Response:
    """A routing or parsing error of the framework as the caller's kind of answer."""
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    if status == 404:
        return translate(NotFound())
    data = getattr(error, "data", None) or {}
    places = data.get("messages") or {}
    fields = {name: value for place in places.values() for name, value in flattened(place).items()}
    extra = {"fields": fields} if fields else {}
    answer = _answer(status, error.name.lower().replace(" ", "_"), _sentence(status), extra)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "WWW-Authenticate"}:
            answer.headers[name] = value
    return answer


def translate_fault(error: Exception) -> Response:
    """A fault of ours: logged with the request's id and its place, shown without its inside."""
    log.error("fault", request_id=g.get("request_id"), endpoint=request.endpoint, **describe(error))
    return _answer(500, "fault", _("Something broke on our side. Nothing was changed; please try again."), {})


def _answer(status: int, code: str, sentence: str, data: dict[str, Any]) -> Response:
    if wants_json():
        return _problem(status, code, sentence, data)
    template = "errors/_error.html" if is_fragment() else "errors/error.html"
    page = render(template, status=status, code=code, sentence=sentence, fields=data.get("fields", {}))
    return make_response(page, status)


def _problem(status: int, code: str, sentence: str, data: dict[str, Any]) -> Response:
    body = {
        "type": f"urn:qiandian:problem:{code}",
        "title": sentence,
        "status": status,
        "code": code,
        "request_id": g.get("request_id", ""),
        **{key: _plain(value) for key, value in data.items()},
    }
    # Half a character that somebody sent as a field's name goes back the way it came, escaped: UTF-8 has no place for it.
    words = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    response = Response(words, status=status, content_type=PROBLEM)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, int | float | bool | None) else str(value)


def _to_login() -> Response:
    where = url_for("auth.login", next=request.full_path if request.method == "GET" else None)
    if is_fragment():
        response = make_response("", 401)
        response.headers["HX-Redirect"] = where
        return response
    return make_response(redirect(where))


def _sentence(status: int) -> str:
    sentences = {
        400: _("The request could not be read."),
        405: _("This address does not take that method."),
        413: _("That is too large."),
        415: _("Send JSON (Content-Type: application/json)."),
        422: _("Some fields need your attention. Nothing was saved."),
        429: _("Too many tries. Please wait a minute."),
    }
    return sentences.get(status, _("That did not work. Nothing was changed."))
