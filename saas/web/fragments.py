"""What htmx needs of an answer."""

from __future__ import annotations

from flask import Flask, Response

from saas.web.render import is_fragment


def init_app(app: Flask) -> None:
    """A form sent by htmx that ends in a redirect leads the whole page there."""
    app.after_request(lead_page)


def lead_page(response: Response) -> Response:
    """Turns a redirect into HX-Redirect: the browser would follow it unseen and put the page into the form."""
    if is_fragment() and response.status_code in {301, 302, 303, 307, 308}:
        response.headers["HX-Redirect"] = response.headers.pop("Location")
        response.status_code = 204
        response.set_data(b"")
    return response
