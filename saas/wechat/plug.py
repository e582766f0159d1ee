"""Puts the gateway into the application: answerers by phase, observers, the door itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from flask import Flask

from saas.config import Config
from saas.db import db
from saas.security.csrf import csrf
from saas.security.limits import limiter
from saas.wechat import outward, views
from saas.wechat.accounts import KnownAccounts
from saas.wechat.batch import Batch
from saas.wechat.consume import Consumer
from saas.wechat.dispatch import Answerer, Dispatcher, Phase, ordered
from saas.wechat.gateway import Gateway
from saas.wechat.journal import Journal
from saas.wechat.lanes import Lanes
from saas.wechat.ports import AccountDirectory


class Manifest(Protocol):
    """What the gateway reads of a capability."""

    @property
    def name(self) -> str:
        """The folder's name."""
        ...

    @property
    def answers(self) -> Mapping[Phase, Answerer]:
        """Its answerers."""
        ...

    @property
    def observe(self) -> Callable[[Batch], Iterable[str]] | None:
        """Its observer of the journal."""
        ...

    @property
    def account_directory(self) -> AccountDirectory | None:
        """Whose account an app_id is, from the one that keeps the accounts."""
        ...


def init_app(app: Flask, config: Config, manifests: Sequence[Manifest]) -> None:
    """Registers the callback; opens no connection."""
    outward.init_app(app, config)
    directory = next(m.account_directory for m in manifests if m.account_directory is not None)
    dispatcher = Dispatcher(ordered([(m.name, m.answers) for m in manifests]))
    journal = Journal(config.database_url)
    app.extensions["journal"] = journal
    app.extensions["gateway"] = Gateway(KnownAccounts(directory), dispatcher, journal)
    csrf.exempt(views.blueprint)
    limiter.exempt(views.blueprint)
    app.register_blueprint(views.blueprint)
    if config.database_platform_url:
        with app.app_context():
            lanes = Lanes(db.engines["platform"], lease_seconds=config.lease_seconds)
        observers = [m.observe for m in manifests if m.observe is not None]
        app.extensions["consumer"] = Consumer(lanes, observers)
