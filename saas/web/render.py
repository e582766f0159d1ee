"""Rendering: what every template may rely on."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, has_request_context, render_template, request, url_for
from flask_babel import get_locale
from jinja2 import StrictUndefined

from saas.security.headers import csp_nonce, stream_origin
from saas.tenancy.scope import scope_or_none
from saas.web.menu import menu


def render(template: str, **context: Any) -> str:
    """The page or fragment; templates are strict: an unknown name is an error."""
    return render_template(template, **context)


def is_fragment() -> bool:
    """Whether htmx asked, so that a fragment is the answer and not a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def stream_url() -> str:
    """The address of the present brand's live events, or "" where there is none."""
    scope, origin = scope_or_none(), stream_origin()
    return f"{origin}/live?tenant={scope.tenant.id}" if scope is not None and origin else ""


def init_app(app: Flask) -> None:
    """Gives templates the scope, the picked account, the menu and the languages."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(menu=menu, csp_nonce=csp_nonce, same_place=same_place)

    @app.context_processor
    def frame() -> dict[str, Any]:
        found = has_request_context()
        return {
            "scope": scope_or_none(),
            "account": g.get("account") if found else None,
            "identity": g.get("identity") if found else None,
            "stream_url": stream_url(),
            "request_id": g.get("request_id", "") if found else "",
            "locale": str(get_locale()),
        }

    @app.url_defaults
    def keep_place(endpoint: str, values: dict[str, Any]) -> None:
        if not has_request_context():
            return
        scope, account = scope_or_none(), g.get("account")
        if scope is not None and "tenant_id" not in values and _takes(endpoint, "tenant_id"):
            values["tenant_id"] = scope.tenant.id
        if account is not None and "account_id" not in values and _takes(endpoint, "account_id"):
            values["account_id"] = account.id


def same_place(account_id: object) -> str:
    """The present page's address for another account; the home page when the present one shows a single object."""
    values = dict(request.view_args or {})
    endpoint = request.endpoint or "home.index"
    if set(values) - {"account_id"} or "account_id" not in values or request.method != "GET":
        endpoint, values = "home.index", {}
    return url_for(endpoint, **{**values, "account_id": account_id})


def _takes(endpoint: str, argument: str) -> bool:
    return current_app.url_map.is_endpoint_expecting(endpoint, argument)
