"""What the administrative API and the phone share: JSON in, JSON out, and who may come in."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address

from flask import Response, current_app, request

from saas.simulator import accounts, acting, attachments, fans
from saas.simulator.accounts import Account
from saas.simulator.acting import Desk
from saas.simulator.errcodes import Refused
from saas.simulator.fans import Fan
from saas.simulator.gate import as_json


def desk() -> Desk:
    """The working parts of the running application."""
    found: Desk = current_app.extensions["simulator"]
    return found


def account_of(app_id: str) -> Account:
    """The account in an address; raises Refused."""
    return accounts.access_account(desk().store, app_id)


def fan_of(app_id: str, openid: str) -> tuple[Account, Fan]:
    """The account and fan in an address; raises Refused."""
    account = account_of(app_id)
    return account, fans.access_fan(desk().store, account, openid)


def perform(account: Account, fan: Fan) -> dict[str, object]:
    """The act of the request's body, done: its answer, time and number of deliveries."""
    values = attachments.keep(desk().store, account, body(), request.host_url)
    return acting.result_view(acting.act(desk(), account, fan, values))


def body() -> Mapping[str, object]:
    """The request's JSON object. A form is refused, so that no foreign page can make a browser send one."""
    found = request.get_json(silent=True) if request.is_json else None
    if not isinstance(found, dict):
        raise Refused("send a JSON object as application/json", 415)
    return found


def objects(values: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    """A list of objects in the body; raises Refused."""
    found = values.get(name)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Refused(f"{name} is a list of objects")
    return found


def only_loopback() -> None:
    """Lets in only callers on this machine: the API behind it tells and changes everything."""
    address = ip_address((request.remote_addr or "0.0.0.0").removeprefix("::ffff:"))  # noqa: S104 -- an unknown caller is refused
    if not address.is_loopback:
        raise Refused("only from this machine", 403)


def refused(error: Refused) -> Response:
    """A refusal as JSON."""
    answer = as_json({"error": str(error.reason)})
    answer.status_code = error.status
    return answer
