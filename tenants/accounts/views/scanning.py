"""Connecting by a scan: the page with the code, the invitation that opens without a log-in, and the way back."""

from __future__ import annotations

from uuid import UUID

import segno
from flask import current_app, redirect, request
from werkzeug.wrappers import Response

from saas.auth.entry import public, requires
from saas.errors import Invalid
from saas.security.headers import hide_address
from saas.security.limits import limiter
from saas.web.addresses import public_address
from saas.web.render import render
from saas.wechat.component.door import ComponentDoor
from tenants.accounts import services
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.views import words
from tenants.accounts.views.blueprints import PLACE, blueprint

LONGEST_CODE = 512


@blueprint.get(f"{PLACE}/account/scan")
@requires(AccountsPermission.ACCOUNTS_CONNECT)
def scan(account_id: UUID) -> str:
    """The code to scan, the way on this computer, and the link to hand to the store."""
    account = services.access_with_connection(account_id)
    link = services.invite_to_scan(account) if services.may_scan() else None
    address = public_address("accounts.scan_invitation", token=link.token) if link is not None else ""
    since = services.authorised_stamp(account)
    return render(
        "accounts/scan.html", node=account, link=link, address=address, picture=_picture(address), since=since
    )


@blueprint.get(f"{PLACE}/account/scan/state")
@requires(AccountsPermission.ACCOUNTS_CONNECT)
def scan_state(account_id: UUID) -> str:
    """Whether the account was connected or authorised since the page was opened."""
    account, since = services.access_with_connection(account_id), request.args.get("since", "")
    is_done = account.is_connected and services.authorised_stamp(account) != since
    return render("accounts/_scan_state.html", node=account, since=since, is_done=is_done, labels=words)


@blueprint.get("/authorise/<token>")
@public
def scan_invitation(token: str) -> str:
    """What whoever got the link sees."""
    hide_address()
    invited = services.open_invitation(token)
    browser = request.user_agent.string
    in_wechat, on_phone = "MicroMessenger" in browser, "Mobile" in browser or "MicroMessenger" in browser
    return render("accounts/scan_invitation.html", invited=invited, token=token, in_wechat=in_wechat, on_phone=on_phone)


@blueprint.get("/authorise/<token>/<any(computer, phone):device>")
@public
@limiter.limit("30/minute")
def scan_start(token: str, device: str) -> Response:
    """Leads on to WeChat's page. WeChat checks that one comes from our domain: the address is told, without its path."""
    way = services.start_scan(token, lambda state: public_address("accounts.scan_back", state=state))
    hide_address()
    return redirect(way.phone if device == "phone" else way.computer)


@blueprint.get("/authorise/back/<state>")
@public
def scan_back(state: str) -> str:
    """Where WeChat's page leads back to: sends the code on by itself, and shows what becomes of it."""
    hide_address()
    code = request.args.get("auth_code", "")[:LONGEST_CODE]
    return render("accounts/scan_back.html", state=state, code=code, result=services.scan_result(state), labels=words)


@blueprint.post("/authorise/back/<state>")
@public
@limiter.limit("30/minute")
def scan_finish(state: str) -> str:
    """Takes the code; a job makes the connection of it."""
    code = request.form.get("auth_code", "").strip()
    if not code or len(code) > LONGEST_CODE:
        raise Invalid
    door: ComponentDoor = current_app.extensions["component_door"]
    door.come_back(state, code)
    return _result(state)


@blueprint.get("/authorise/back/<state>/result")
@public
def scan_result(state: str) -> str:
    """What has become of the scan so far."""
    return _result(state)


def _result(state: str) -> str:
    return render("accounts/_scan_result.html", state=state, result=services.scan_result(state), labels=words)


def _picture(address: str) -> str:
    if not address:
        return ""
    picture: str = segno.make(address, error="m", micro=False).svg_data_uri(scale=6, border=2)
    return picture
