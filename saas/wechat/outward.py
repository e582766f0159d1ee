"""Makes clients: the connections, the hosts and the token store that all calls of this process share."""

from __future__ import annotations

import logging

from flask import Flask, current_app

from saas.config import Config
from saas.db import db
from saas.security.secrets import box_of
from saas.wechat.breaker import Breakers
from saas.wechat.client import Credentials, WeChatClient
from saas.wechat.component.plug import authorizer_tokens
from saas.wechat.errors import Redaction
from saas.wechat.guard import Guard
from saas.wechat.http import Hosts, WeChatHttp
from saas.wechat.quota.calls import CallLedger
from saas.wechat.tokens import TokenStore

# A filter counts for its own logger alone, not for those below it.
TALKERS = (
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
)


def init_app(app: Flask, config: Config) -> None:
    """Names the hosts; opens no connection."""
    hosts = Hosts(config.wechat_api_url, config.wechat_mp_url)
    app.extensions["wechat_out"] = (hosts, WeChatHttp(hosts))
    app.extensions["wechat_breakers"] = Breakers()
    for name in TALKERS:
        logging.getLogger(name).addFilter(Redaction())


def client_for(credentials: Credentials) -> WeChatClient:
    """A client that calls as this account; call it in the tenant's scope."""
    hosts, http = current_app.extensions["wechat_out"]
    tokens = _tokens(credentials)
    return WeChatClient(credentials, hosts=hosts, http=http, tokens=tokens, guard=_guard(credentials))


def _tokens(credentials: Credentials) -> TokenStore:
    place = (credentials.tenant_id, credentials.account_id, credentials.app_id)
    if credentials.is_authorised:
        return authorizer_tokens(*place)
    tenant_id, account_id, app_id = place
    return TokenStore(
        engine=db.engine, box=box_of(tenant_id), tenant_id=tenant_id, account_id=account_id, app_id=app_id
    )


def _guard(credentials: Credentials) -> Guard:
    breakers: Breakers = current_app.extensions["wechat_breakers"]
    calls = CallLedger(db.engine, credentials.tenant_id, credentials.account_id)
    return Guard(breakers.of(credentials.account_id), calls)


def callback_base() -> str:
    """Where WeChat reaches this deployment; an account's address is this and /wechat/<app_id>."""
    settings: Config = current_app.config["SETTINGS"]
    return settings.callback_url or settings.public_url
