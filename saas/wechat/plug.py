"""Puts the gateway into the application: answerers by phase, and observers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from flask import Flask

from saas.config import Config
from saas.db import db
from saas.wechat import outward
from saas.wechat.accounts import KnownAccounts
from saas.wechat.batch import Batch
from saas.wechat.component import plug as component
from saas.wechat.component.door import ComponentDoor
from saas.wechat.component.events import Authorisations
from saas.wechat.consume import Consumer
from saas.wechat.dispatch import Answerer, Dispatcher, Phase, ordered
from saas.wechat.gateway import Gateway
from saas.wechat.journal import Journal
from saas.wechat.lanes import Lanes
from saas.wechat.outbox.calling import Caller
from saas.wechat.outbox.ports import AccountClients, MediaCopies, OutcomeObserver, no_client, no_copy
from saas.wechat.outbox.sending import Sender
from saas.wechat.ports import AccountDirectory
from saas.wechat.quota import fans as quota


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

    @property
    def authorisations(self) -> Authorisations | None:
        """What is done when an account authorises our component, or no longer does."""
        ...

    @property
    def account_clients(self) -> AccountClients | None:
        """Calls in the name of an account, from the one that keeps the accounts."""
        ...

    @property
    def observe_sent(self) -> OutcomeObserver | None:
        """Its observer of what became of effects."""
        ...

    @property
    def media_copies(self) -> MediaCopies | None:
        """WeChat's ids of our files, from the one that keeps the files."""
        ...


def init_app(app: Flask, config: Config, manifests: Sequence[Manifest]) -> None:
    """Puts the gateway together; opens no connection. Its door is a process of its own (saas.wechat.asgi)."""
    outward.init_app(app, config)
    component.init_app(app, config)
    authorisations = next((m.authorisations for m in manifests if m.authorisations is not None), None)
    app.extensions["component_door"] = ComponentDoor(app.extensions["component"], authorisations)
    app.extensions["outbox"] = _sender(config, manifests)
    directory = next(m.account_directory for m in manifests if m.account_directory is not None)
    dispatcher = Dispatcher(ordered([(m.name, m.answers) for m in manifests]))
    journal = Journal(config.database_url)
    app.extensions["journal"] = journal
    window = config.callback_window_seconds or None
    app.extensions["gateway"] = Gateway(KnownAccounts(directory), dispatcher, journal, window_seconds=window)
    if config.database_platform_url:
        with app.app_context():
            lanes = Lanes(db.engines["platform"], lease_seconds=config.lease_seconds)
        # The ledger first: whoever comes after may plan a message on the strength of the same act.
        observers = [quota.observe, *(m.observe for m in manifests if m.observe is not None)]
        app.extensions["consumer"] = Consumer(lanes, observers)


def _sender(config: Config, manifests: Sequence[Manifest]) -> Sender:
    clients = next((m.account_clients for m in manifests if m.account_clients is not None), no_client)
    copies = next((m.media_copies for m in manifests if m.media_copies is not None), no_copy)
    caller = Caller(clients, copies, lease_seconds=config.lease_seconds)
    observers = [m.observe_sent for m in manifests if m.observe_sent is not None]
    return Sender(caller, lease_seconds=config.lease_seconds, observers=observers)
