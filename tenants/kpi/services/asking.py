"""What programs ask for: days or months at and below an account that they may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from flask_babel import lazy_gettext as _l

from saas import clock
from saas.errors import Invalid
from saas.tenancy.scope import current_scope
from tenants.accounts.services.tree import access_account
from tenants.kpi.domain.periods import month_of
from tenants.kpi.services.daily import NodeDay, list_days
from tenants.kpi.services.monthly import NodeMonth, list_months, read_brand

Item = TypeVar("Item")
WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Asked:
    """The part of the tree that is asked for, and the page of the answer."""

    account_id: UUID | None
    cursor: str | None = None
    limit: int | None = None


def ask_months(asked: Asked, month: date | None) -> list[NodeMonth]:
    """A month (the present one without) of what is asked for. Raises NotFound for a foreign account."""
    if asked.account_id is not None:
        access_account(asked.account_id)
    return list_months(read_brand(), month or month_of(_today()), top=asked.account_id)


def ask_days(asked: Asked, *, first: date | None, last: date | None) -> list[NodeDay]:
    """Days (the last seven without) of what is asked for. Raises NotFound for a foreign account, and Invalid."""
    if asked.account_id is not None:
        access_account(asked.account_id)
    brand, until = read_brand(), last or _today()
    nodes = [one.line.id for one in list_months(brand, month_of(until), top=asked.account_id)]
    return list_days(brand.lines, nodes, first=first or until - WEEK, last=until)


def cut(asked: Asked, items: Sequence[Item]) -> tuple[Sequence[Item], str | None]:
    """The page asked for and the mark of the next one; everything when no limit is given. Raises Invalid."""
    first = _first(asked.cursor)
    if asked.limit is None:
        return items[first:], None
    last = first + asked.limit
    return items[first:last], str(last) if last < len(items) else None


def _first(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise Invalid({"cursor": [_l("This page mark is not valid. Start again from the first page.")]})
    return int(cursor)


def _today() -> date:
    return clock.today(current_scope().tenant.time_zone)
