"""The factory: one ordered list of init_app calls, then each capability is plugged in."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO, cast

import structlog
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from saas import cli, faultpoints, files, health
from saas.auth import entry
from saas.auth.permissions import GRANTS
from saas.auth.plug import plug_auth
from saas.auth.roles import union
from saas.capability import Capability
from saas.config import Config
from saas.db import db
from saas.jobs import queue
from saas.security import csrf, headers, limits, secrets
from saas.security.faults import LogLines
from saas.tenancy import guard
from saas.web import api, assets, errors, filters, fragments, i18n, render
from saas.wechat import plug as wechat

ROOT = Path(__file__).resolve().parents[1]
VERSION = "0.1.0"


def create_app(config: Config, capabilities: Sequence[Capability]) -> Flask:
    """Puts the program together; opens no connection. Raises MissingSetting with one sentence."""
    config.require("secret_key", "master_key", "database_url")
    app = Flask("saas", root_path=str(ROOT / "saas"), template_folder=str(ROOT / "templates"), static_folder=None)
    _configure(app, config)
    faultpoints.arm(config)
    db.init_app(app)
    guard.init_app(app)
    secrets.init_app(app, config.master_key)
    files.init_app(app, config.data_dir / "files")
    queue.init_app(app, config.redis_url)
    csrf.init_app(app)
    limits.init_app(app, config.redis_url)
    i18n.init_app(app)
    assets.init_app(app)
    filters.init_app(app)
    render.init_app(app)
    errors.init_app(app)
    fragments.init_app(app)
    headers.init_app(app, config.stream_url)
    json_api = api.init_app(app, "Qiandian · 千店", VERSION)
    health.init_app(app)
    plug_auth(app, json_api)
    wechat.init_app(app, config, capabilities)
    for capability in capabilities:
        _plug(app, json_api, capability)
    _offer(app, capabilities)
    cli.init_app(app)
    entry.init_app(app, _rights(capabilities))
    gc.freeze()  # else each full collection looks through all of the program again: 100 ms within some request
    return app


def _configure(app: Flask, config: Config) -> None:
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_BINDS={"platform": config.database_platform_url} if config.database_platform_url else {},
        OWNER_URL=config.database_owner_url,
        SETTINGS=config,
        TESTING=config.testing,
        MAX_CONTENT_LENGTH=20 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_NAME="__Host-session" if config.secure_cookies else "session",
        SESSION_COOKIE_SECURE=config.secure_cookies,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_ENABLED=not config.testing,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    if config.trusted_proxies:  # without one in front anybody could write these headers, and call from any address
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=cast(TextIO, LogLines())),
    )


def _plug(app: Flask, json_api: api.Api, capability: Capability) -> None:
    if capability.blueprint is not None:
        app.register_blueprint(capability.blueprint)
    if capability.api is not None:
        csrf.csrf.exempt(capability.api)
        json_api.register_blueprint(capability.api)
    for command in capability.commands:
        app.cli.add_command(command)


def _offer(app: Flask, capabilities: Sequence[Capability]) -> None:
    app.extensions["capabilities"] = tuple(capabilities)
    app.extensions["menu"] = sorted((item for c in capabilities for item in c.menu), key=lambda item: item.order)
    app.extensions["jobs"] = {job.name: job for c in capabilities for job in c.jobs}
    app.extensions["schedule"] = tuple(slot for c in capabilities for slot in c.schedule)
    for taker in capabilities:
        for name, accept in taker.accepts.items():
            accept(app, [offer for giver in capabilities for offer in giver.offers.get(name, ())])


def _rights(capabilities: Sequence[Capability]) -> entry.Rights:
    tree = next(c.account_tree for c in capabilities if c.account_tree is not None)
    return entry.Rights(grants=union([GRANTS, *(c.grants for c in capabilities)]), tree=tree)
