"""The menu: the capabilities that the person may use, in the order of the day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app, g, request, url_for
from flask_babel import LazyString

from saas.tenancy.scope import scope_or_none


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """One entry. `order` follows the day: To do 10, Inbox 20, Calendar 30, Rules 40, Fans 50 … Settings 90.

    `count` says how many things wait there for the present scope.
    """

    endpoint: str
    label: LazyString
    icon: str
    permission: str
    order: int
    count: Callable[[], int] | None = None


@dataclass(frozen=True)
class ShownItem:
    """An entry as the frame draws it."""

    label: LazyString
    icon: str
    url: str
    active: bool
    count: int
    topic: str


def menu() -> Sequence[ShownItem]:
    """The entries for the present scope and account; empty where there is none, as on the page of an error at the door."""
    scope = scope_or_none()
    if scope is None or g.get("account") is None:
        return ()
    items: Sequence[MenuItem] = current_app.extensions["menu"]
    return [_shown(item) for item in items if item.permission in scope.permissions]


def _shown(item: MenuItem) -> ShownItem:
    blueprint = item.endpoint.rpartition(".")[0]
    return ShownItem(
        label=item.label,
        icon=item.icon,
        url=url_for(item.endpoint),
        active=request.endpoint == item.endpoint or request.blueprint == blueprint,
        count=item.count() if item.count else 0,
        topic=item.endpoint.split(".", 1)[0],
    )
