"""Tokens, addresses and quotas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, request

from saas.simulator import accounts, gate, quotas, tokens
from saas.simulator.accounts import Account
from saas.simulator.errcodes import ApiError, Refused
from saas.simulator.gate import Answer, Call, Routes
from saas.simulator.store import Store

routes = Routes()


@dataclass(frozen=True)
class Credentials:
    """What a token call must carry."""

    grant_type: str
    app_id: str
    secret: str

    @classmethod
    def read(cls, values: Mapping[str, object]) -> Credentials:
        """From the query or the body."""
        return cls(*(str(values.get(name) or "") for name in ("grant_type", "appid", "secret")))


def token_doors(store: Store) -> Blueprint:
    """The two APIs that need no token because they make one."""
    doors = Blueprint("tokens", __name__)

    @doors.route("/cgi-bin/token", methods=["GET", "POST"])
    def token() -> Response:
        return _issue(store, "/cgi-bin/token", request.args, lambda account: tokens.issue(store, account.app_id))

    @doors.route("/cgi-bin/stable_token", methods=["GET", "POST"])
    def stable_token() -> Response:
        try:
            values = gate.parse_body(request) if request.method == "POST" else _refuse(43002)
        except ApiError as error:
            return gate.refusal(error, store)
        forced = bool(values.get("force_refresh"))
        return _issue(
            store, "/cgi-bin/stable_token", values, lambda account: tokens.issue_stable(store, account, forced=forced)
        )

    @doors.post("/cgi-bin/clear_quota/v2")
    def clear_quota_by_secret() -> Response:
        return gate.answered(store, "", "/cgi-bin/clear_quota/v2", lambda: _clear_by_secret(store))

    return doors


@routes.get("/cgi-bin/getcallbackip", verified=False)
def list_callback_addresses(call: Call) -> Answer:
    """Where pushes come from: this machine."""
    return {"ip_list": ["127.0.0.1"]}


@routes.get("/cgi-bin/get_api_domain_ip", verified=False)
def list_api_addresses(call: Call) -> Answer:
    """Where the API is: this machine."""
    return {"ip_list": ["127.0.0.1"]}


@routes.post("/cgi-bin/clear_quota", verified=False)
def clear_quota(call: Call) -> Answer:
    """The day's calls forgotten, ten times a month."""
    if call.text("appid", 41002) != call.account.app_id:
        raise ApiError(40013)
    quotas.clear(call.store, call.account)
    return {}


@routes.post("/cgi-bin/openapi/quota/get", verified=False)
def read_quota(call: Call) -> Answer:
    """Limit, used and remaining calls of one path."""
    path = call.text("cgi_path")
    limit, used = quotas.limit_of(call.account, path), quotas.used_today(call.store, call.account, path)
    return {"errcode": 0, "errmsg": "ok", "quota": {"daily_limit": limit, "used": used, "remain": limit - used}}


def _issue(
    store: Store, path: str, values: Mapping[str, object], make: Callable[[Account], tuple[str, int]]
) -> Response:  # fmt: skip
    given = Credentials.read(values)

    def perform() -> Answer:
        account = _account(store, given)
        gate.fail_on_purpose(account, path)
        quotas.spend(store, account, path)
        token, seconds = make(account)
        return {"access_token": token, "expires_in": seconds}

    return gate.answered(store, given.app_id, path, perform)


def _clear_by_secret(store: Store) -> Answer:
    values = gate.parse_body(request)
    given = Credentials("client_credential", str(values.get("appid") or ""), str(values.get("appsecret") or ""))
    quotas.clear(store, _account(store, given))
    return {}


def _account(store: Store, given: Credentials) -> Account:
    if not given.app_id:
        raise ApiError(41002)
    if not given.secret:
        raise ApiError(41004)
    if given.grant_type != "client_credential":
        raise ApiError(40002)
    try:
        account = accounts.access_account(store, given.app_id)
    except Refused:
        raise ApiError(40013) from None
    if given.secret != account.app_secret:
        raise ApiError(40125)
    return account


def _refuse(code: int) -> Mapping[str, object]:
    raise ApiError(code)
