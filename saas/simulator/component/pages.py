"""The pages on which an account's owner authorises a platform: on the PC, and inside WeChat on the phone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from saas.simulator import doors, languages
from saas.simulator.component import events, grants, newcomers, registry, sets
from saas.simulator.component.registry import Component
from saas.simulator.errcodes import Refused
from saas.simulator.pages import POLICY

blueprint = Blueprint("grant", __name__)
PC, PHONE = "/cgi-bin/componentloginpage", "/wxaopen/safe/bindcomponent"
ORIGIN = re.compile(r"https?://[\w.-]+(:\d{1,5})?")
MINI_PROGRAMS_ONLY = "2"


@dataclass(frozen=True)
class Visit:
    """A visit of the page, its address understood. `only`: the one account that may be picked, if one is named."""

    component: Component
    preauth_code: str
    back: str
    only: str
    sets: tuple[int, ...]


@blueprint.get(PC)
@blueprint.get(PHONE)
@blueprint.get("/safe/bindcomponent")
def show() -> AnyResponse:
    """What the platform asks for, and who may give it."""
    return _form(_visit(request.args))


@blueprint.post(PC)
@blueprint.post(PHONE)
@blueprint.post("/safe/bindcomponent")
def decide() -> AnyResponse:
    """The owner's answer; a yes leads back with a code."""
    visit = _visit(request.args)
    if request.form.get("answer") != "confirm":
        return _end(_l("Nothing was granted. You may close this page."), visit.back, 200)
    chosen = tuple(one for one in visit.sets if str(one) in request.form.getlist("set"))
    app_id = _picked(visit)
    if not app_id or not chosen:
        return _form(visit, _l("Choose an account and at least one permission."), 422)
    given = events.Given(app_id=app_id, sets=chosen, preauth_code=visit.preauth_code)
    code, _ = events.authorise(doors.desk(), visit.component, given)
    return redirect(_with(visit.back, {"auth_code": code, "expires_in": str(grants.AUTH_LIFE)}))


@blueprint.errorhandler(Refused)
def refuse(error: Refused) -> AnyResponse:
    """An address that opens nothing."""
    return _end(error.reason, "", 400)


def _visit(query: Mapping[str, str]) -> Visit:
    component, back = _platform(query), query.get("redirect_uri") or ""
    if not ORIGIN.fullmatch(_origin(back)):
        raise Refused(_l("The address to return to is missing or wrong."))
    if not grants.is_open(doors.desk().store, component, query.get("pre_auth_code") or ""):
        raise Refused(_l("This link was used already or has expired. Ask the platform for a new one."))
    if query.get("auth_type") == MINI_PROGRAMS_ONLY:
        raise Refused(_l("This link is for mini programs only."))
    asked = {int(one) for one in re.findall(r"\d+", query.get("category_id_list") or "")}
    offered = tuple(one for one in component.sets if not asked or one in asked)
    return Visit(component, query["pre_auth_code"], back, query.get("biz_appid") or "", offered)


def _platform(query: Mapping[str, str]) -> Component:
    found = registry.find_component(doors.desk().store, query.get("component_appid") or "-")
    if found is None:
        raise Refused(_l("This platform is not registered here."))
    return found


def _picked(visit: Visit) -> str:
    """The app_id of the account that was picked, or made now; empty when none was."""
    store, form = doors.desk().store, request.form
    if form.get("account") == "new":
        name = (form.get("name") or "").strip()[:30]
        if not name or visit.only:
            return ""
        service, verified = form.get("kind") != "subscription", bool(form.get("verified"))
        return newcomers.create(store, name=name, service=service, verified=verified).app_id
    free, given = newcomers.list_choices(store, visit.component, visit.only)
    return next((one.app_id for one in [*free, *given] if one.app_id == form.get("account")), "")


def _form(visit: Visit, fault: LazyString | None = None, status: int = 200) -> Response:
    store = doors.desk().store
    free, given = newcomers.list_choices(store, visit.component, visit.only)
    page = render_template(
        "simulator/grant.html", component=visit.component, sets=[(one, *sets.SETS[one]) for one in visit.sets], free=free, given=given,
        fault=fault, may_create=not visit.only, on_phone=request.path != PC, **_languages(),
    )  # fmt: skip
    response = make_response(page, status)
    # The answer leads back to the platform, which the general policy would not let a form do.
    response.headers["Content-Security-Policy"] = POLICY.replace(
        "form-action 'self'", f"form-action 'self' {_origin(visit.back)}"
    )
    return response


def _end(reason: object, back: str, status: int) -> Response:
    page = render_template(
        "simulator/grant_end.html", reason=reason, back=back, on_phone=request.path != PC, **_languages()
    )
    return make_response(page, status)


def _languages() -> dict[str, str]:
    other = languages.other()
    switch = urlencode(
        [*((name, value) for name, value in request.args.items(multi=True) if name != "lang"), ("lang", other)]
    )
    return {"language": languages.current(), "other": other, "switch": f"?{switch}"}


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def _with(address: str, values: Mapping[str, str]) -> str:
    parts = urlsplit(address)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *values.items()])
    return urlunsplit(parts._replace(query=query))
