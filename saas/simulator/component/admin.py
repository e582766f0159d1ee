"""The platform below /_sim: registering it, its tickets, and what owners do, without a browser. Only for this machine."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, request

from saas.simulator import accounts, doors
from saas.simulator.component import events, grants, newcomers, pages, registry, sets
from saas.simulator.component.registry import Component
from saas.simulator.component.ticker import Ticker
from saas.simulator.errcodes import Refused
from saas.simulator.gate import as_json

blueprint = Blueprint("component", __name__, url_prefix="/_sim/component")
blueprint.before_request(doors.only_loopback)
blueprint.register_error_handler(Refused, doors.refused)


@blueprint.put("")
def register() -> Response:
    """A platform, or new settings of a known one; a ticket comes at once. `fresh`: so many unconnected accounts stand ready at least."""
    desk, values = doors.desk(), doors.body()
    component = registry.register(desk.store, values)
    newcomers.offer(desk.store, int(str(values.get("fresh") or 0)))
    events.send_ticket(desk, component)
    ticker: Ticker = current_app.extensions["ticker"]
    ticker.start_now()
    return as_json(registry.public_view(component))


@blueprint.get("")
def show() -> Response:
    """One platform, and who has authorised it."""
    component = _component(request.args.get("app_id"))
    return as_json({**registry.public_view(component), "authorizers": _authorizers(component)})


@blueprint.get("/authorizers")
def list_authorizers() -> Response:
    """Who has authorised the platform."""
    return as_json({"items": _authorizers(_component(request.args.get("app_id")))})


@blueprint.post("/ticket")
def push_ticket() -> Response:
    """A new ticket now; waits until it is handed over."""
    told = events.push_ticket(doors.desk(), _component(doors.body().get("app_id")))
    return as_json(asdict(told))


@blueprint.post("/link")
def create_link() -> Response:
    """The paths of both pages with a new code: as the platform would make them for the `redirect_uri`."""
    values = doors.body()
    component = _component(values.get("app_id"))
    code = grants.create_preauth_code(doors.desk().store, component)
    query = urlencode(
        {
            "component_appid": component.app_id,
            "pre_auth_code": code,
            "redirect_uri": str(values.get("redirect_uri") or ""),
        }
    )
    return as_json({"computer": f"{pages.PC}?{query}", "phone": f"{pages.PHONE}?{query}"})


@blueprint.post("/authorize")
def authorise() -> Response:
    """What an owner confirms on the page: `authorizer_appid` and, when not all, the `sets`."""
    desk, values = doors.desk(), doors.body()
    component = _component(values.get("app_id"))
    account = doors.account_of(str(values.get("authorizer_appid") or ""))
    preauth = str(values.get("pre_auth_code") or "") or grants.create_preauth_code(desk.store, component)
    chosen = sets.known(values.get("sets", list(component.sets)))
    given = events.Given(app_id=account.app_id, sets=chosen, preauth_code=preauth)
    code, _ = events.authorise(desk, component, given)
    return as_json({"auth_code": code, "expires_in": grants.AUTH_LIFE, "pre_auth_code": preauth})


@blueprint.post("/revoke")
def revoke() -> Response:
    """Takes an authorisation back."""
    values = doors.body()
    component = _component(values.get("app_id"))
    return as_json({"revoked": events.revoke(doors.desk(), component, str(values.get("authorizer_appid") or ""))})


@blueprint.post("/newcomers")
def create_newcomers() -> Response:
    """`count` accounts nobody has connected, more than there are."""
    store, count = doors.desk().store, int(str(doors.body().get("count") or 1))
    made = [
        newcomers.create(store, name=newcomers.NAMES[number % len(newcomers.NAMES)])
        for number in range(min(count, newcomers.MOST))
    ]
    return as_json({"items": [accounts.public_view(one) for one in made]})


def _component(app_id: object) -> Component:
    return registry.access_component(doors.desk().store, str(app_id or ""))


def _authorizers(component: Component) -> list[dict[str, object]]:
    found = grants.list_of_component(doors.desk().store, component, limit=100_000)
    return [
        {
            "authorizer_appid": one.app_id,
            "sets": one.sets,
            "authorised_at": one.authorised_at,
            "refresh_token": one.refresh_token,
        }
        for one in found
    ]
