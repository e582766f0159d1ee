"""The door of the platform's own APIs: token of the platform, its quota, its body; then the call itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Flask, Response, request

from saas.simulator import doors, quotas
from saas.simulator.acting import Desk
from saas.simulator.component.registry import Component, find_component
from saas.simulator.errcodes import ApiError
from saas.simulator.gate import Answer, answered, bearer, parse_body
from saas.simulator.store import Store

PREFIX = "/cgi-bin/component/"


@dataclass(frozen=True)
class PlatformCall:
    """An admitted call of a platform."""

    desk: Desk
    component: Component
    body: Mapping[str, object]

    @property
    def store(self) -> Store:
        """The simulator's memory."""
        return self.desk.store

    def text(self, name: str, missing: int = 40035) -> str:
        """A text of the body; raises ApiError when it is absent."""
        return text_of(self.body, name, missing)

    def number(self, name: str) -> int:
        """A whole number of the body."""
        try:
            return int(self.text(name))
        except ValueError:
            raise ApiError(40035) from None


View = Callable[[PlatformCall], Answer]


@dataclass(frozen=True)
class PlatformRoutes:
    """The APIs of one file: name below the prefix, what answers, and whether a token is needed."""

    found: list[tuple[str, View, bool]] = field(default_factory=list)

    def post(self, *names: str, token: bool = True) -> Callable[[View], View]:
        """Registers an API under one or more names."""

        def register(answer: View) -> View:
            self.found.extend((name, answer, token) for name in names)
            return answer

        return register


def mount(app: Flask, routes: PlatformRoutes) -> None:
    """Gives every API its address."""
    for name, answer, token in routes.found:
        app.add_url_rule(PREFIX + name, f"component/{name}", _view(name, answer, token=token), methods=["GET", "POST"])


def text_of(body: Mapping[str, object], name: str, missing: int = 40035) -> str:
    """A text of a body; raises ApiError when it is absent."""
    found = body.get(name)
    if found is None or isinstance(found, dict | list):
        raise ApiError(missing)
    return str(found)


def _view(name: str, answer: View, *, token: bool) -> Callable[[], Response]:
    path = PREFIX + name

    def view() -> Response:
        desk = doors.desk()
        given = request.get_json(silent=True, force=True) if request.method == "POST" else None
        claimed = str(given.get("component_appid") or "") if isinstance(given, dict) else ""
        return answered(desk.store, claimed, path, lambda: answer(_admit(desk, path, token=token)))

    return view


def _admit(desk: Desk, path: str, *, token: bool) -> PlatformCall:
    if request.method == "GET":
        raise ApiError(43002)
    holder = bearer(desk.store, "component_access_token", "access_token") if token else None
    body = parse_body(request)
    app_id = text_of(body, "component_appid", 61011)
    component = find_component(desk.store, app_id) if app_id else None
    if holder and holder.kind != "component":
        raise ApiError(40001)
    if component is None or (holder and holder.app_id != component.app_id):
        raise ApiError(61011)
    quotas.spend(desk.store, component, path)
    return PlatformCall(desk, component, body)
