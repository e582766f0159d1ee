"""The platform's APIs: from the ticket to the token of an account, and what an account is."""

from __future__ import annotations

from saas.simulator import accounts, quotas, tokens
from saas.simulator.accounts import Account
from saas.simulator.component import events, grants, sets, tickets
from saas.simulator.component.door import PlatformCall, PlatformRoutes
from saas.simulator.component.grants import Grant
from saas.simulator.errcodes import ApiError
from saas.simulator.gate import Answer

routes = PlatformRoutes()
MOST = 500


@routes.post("api_start_push_ticket", token=False)
def start_tickets(call: PlatformCall) -> Answer:
    """A ticket comes at once, and then each ten minutes."""
    _check_secret(call, "component_secret")
    events.send_ticket(call.desk, call.component)
    return {}


@routes.post("api_component_token", token=False)
def create_token(call: PlatformCall) -> Answer:
    """The platform's own token, for a ticket."""
    _check_secret(call, "component_appsecret")
    tickets.check(call.store, call.component, call.text("component_verify_ticket", 61006))
    token, seconds = tokens.issue(call.store, call.component.app_id, "component")
    return {"component_access_token": token, "expires_in": seconds}


@routes.post("api_create_preauthcode")
def create_preauth_code(call: PlatformCall) -> Answer:
    """A code that opens the page of authorisation."""
    return {"pre_auth_code": grants.create_preauth_code(call.store, call.component), "expires_in": grants.PREAUTH_LIFE}


@routes.post("api_query_auth")
def query_auth(call: PlatformCall) -> Answer:
    """What an owner gave, for the code that came back."""
    grant = grants.redeem(call.store, call.component, call.text("authorization_code", 61009))
    return {"authorization_info": {**_tokens(call, grant), "func_info": sets.func_info(grant.sets)}}


@routes.post("api_authorizer_token")
def refresh_token(call: PlatformCall) -> Answer:
    """A new token of an account, for its refresh token."""
    app_id, token = call.text("authorizer_appid"), call.text("authorizer_refresh_token", 61023)
    found = _tokens(call, grants.refresh(call.store, call.component, app_id, token))
    return {name: found[name] for name in ("authorizer_access_token", "expires_in", "authorizer_refresh_token")}


@routes.post("api_get_authorizer_info", "get_authorizer_info")
def describe_account(call: PlatformCall) -> Answer:
    """Who an account is, and what it gave."""
    grant = _grant(call)
    given = {"authorizer_appid": grant.app_id, "authorizer_refresh_token": grant.refresh_token}
    return {
        "authorizer_info": _described(accounts.access_account(call.store, grant.app_id)),
        "authorization_info": {**given, "func_info": sets.func_info(grant.sets)},
    }


@routes.post("api_get_authorizer_list", "get_authorizer_list")
def list_accounts(call: PlatformCall) -> Answer:
    """A page of the accounts that have authorised the platform."""
    offset, count = call.number("offset"), call.number("count")
    if not 0 < count <= MOST or offset < 0:
        raise ApiError(40035)
    found = [
        {"authorizer_appid": one.app_id, "refresh_token": one.refresh_token, "auth_time": one.authorised_at}
        for one in grants.list_of_component(call.store, call.component, offset=offset, limit=count)
    ]
    return {"total_count": grants.count_of_component(call.store, call.component), "list": found}


@routes.post("get_authorizer_option", "api_get_authorizer_option")
def read_option(call: PlatformCall) -> Answer:
    """One option of an account."""
    grant, name = _grant(call), call.text("option_name")
    if name not in grants.OPTIONS:
        raise ApiError(40035)
    value = grant.options.get(name, "0")
    return {"authorizer_appid": grant.app_id, "option_name": name, "option_value": value}


@routes.post("set_authorizer_option", "api_set_authorizer_option")
def write_option(call: PlatformCall) -> Answer:
    """Sets one option of an account."""
    grants.set_option(call.store, _grant(call), call.text("option_name"), call.text("option_value"))
    return {}


@routes.post("clear_quota")
def clear_quota(call: PlatformCall) -> Answer:
    """The platform's own calls of the day, forgotten."""
    quotas.clear(call.store, call.component)
    return {}


@routes.post("clear_quota/v2", token=False)
def clear_quota_by_secret(call: PlatformCall) -> Answer:
    """The same without a token."""
    _check_secret(call, "appsecret")
    quotas.clear(call.store, call.component)
    return {}


def _check_secret(call: PlatformCall, name: str) -> None:
    if call.text(name, 41004) != call.component.app_secret:
        raise ApiError(40125)


def _grant(call: PlatformCall) -> Grant:
    return grants.access_grant(call.store, call.component, call.text("authorizer_appid"))


def _tokens(call: PlatformCall, grant: Grant) -> dict[str, object]:
    token, seconds = tokens.issue(call.store, grant.app_id, "authorizer", component=grant.component)
    return {
        "authorizer_appid": grant.app_id,
        "authorizer_access_token": token,
        "expires_in": seconds,
        "authorizer_refresh_token": grant.refresh_token,
    }


def _described(account: Account) -> dict[str, object]:
    return {
        "nick_name": account.name,
        "head_img": "http://wx.qlogo.cn/mmopen/simulated/0",
        "service_type_info": {"id": 2 if account.service_type == "service" else 0},
        "verify_type_info": {"id": 0 if account.verified else -1},
        "user_name": account.original_id,
        "alias": "",
        "principal_name": account.name,
        "qrcode_url": "http://mmbiz.qpic.cn/simulated/0",
        "business_info": {"open_store": 0, "open_scan": 0, "open_pay": 0, "open_card": 0, "open_shake": 0},
        "idc": 1,
        "signature": "",
        "account_status": 1,
    }
