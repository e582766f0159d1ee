"""What a business folder says of itself: the platform, the workers, the menu and the tests all read this one record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import click
from flask import Blueprint, Flask
from flask_babel import LazyString
from flask_smorest import Blueprint as ApiBlueprint

from saas.auth.roles import Grants
from saas.jobs.plan import Job, Slot
from saas.tenancy.ports import AccountTree
from saas.web.menu import MenuItem
from saas.wechat.component.events import Authorisations
from saas.wechat.consume import Batch
from saas.wechat.dispatch import Answerer, Phase
from saas.wechat.outbox.ports import AccountClients, MediaCopies, OutcomeObserver
from saas.wechat.ports import AccountDirectory


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """What a capability keeps of one fan: handed out on request, and erased. Figures stay.

    Both are called in the tenant's scope with the fan's id; `erase` is re-runnable.
    """

    export: Callable[[UUID], Mapping[str, Any]]
    erase: Callable[[UUID], None]


@dataclass(frozen=True)
class Todo:
    """One line of a person's list of what waits. The page makes the address: the overview of all brands has no account."""

    label: LazyString
    count: int
    endpoint: str
    icon: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Demo:
    """How the demo is to be filled: `seed` makes it repeatable, `until` is its last moment."""

    seed: int
    until: datetime
    months: int = 14
    messages: int = 100_000


@dataclass(frozen=True, kw_only=True)
class Capability:
    """A manifest. `offers` are given to a lower capability's hook of that name (a name of `accepts`)."""

    name: str
    blueprint: Blueprint | None = None
    api: ApiBlueprint | None = None
    permissions: type[StrEnum] | None = None
    grants: Grants = field(default_factory=dict)
    menu: Sequence[MenuItem] = ()
    answers: Mapping[Phase, Answerer] = field(default_factory=dict)
    observe: Callable[[Batch], Iterable[str]] | None = None
    observe_sent: OutcomeObserver | None = None
    jobs: Sequence[Job] = ()
    schedule: Sequence[Slot] = ()
    commands: Sequence[click.Command] = ()
    demo: Callable[[Demo], None] | None = None
    todo: Callable[[], Iterable[Todo]] | None = None
    personal_data: PersonalData | None = None
    account_tree: AccountTree | None = None
    account_directory: AccountDirectory | None = None
    authorisations: Authorisations | None = None
    account_clients: AccountClients | None = None
    media_copies: MediaCopies | None = None
    offers: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    accepts: Mapping[str, Callable[[Flask, Sequence[Any]], None]] = field(default_factory=dict)
