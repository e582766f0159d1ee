"""Paging by cursor: the sort values of the last row seen, sealed against tampering by being checked."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.sql.elements import literal

from saas.db import db
from saas.errors import Invalid

Row = TypeVar("Row")
MOST = 200
MOST_IN_A_FILE = 50_000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, and the cursor of the next page or None."""

    items: Sequence[Row]
    next_cursor: str | None


@dataclass(frozen=True)
class Sort:
    """An order that is total: `columns` end in a unique one, all in one direction; `key` takes their values from a row."""

    columns: tuple[Any, ...]
    key: Callable[[Any], tuple[object, ...]]
    descending: bool = False


def page_of(query: Select[Any], *, sort: Sort, cursor: str | None, limit: int = 50) -> Page[Any]:
    """One page of a query in an order. Raises Invalid when the cursor is not one of ours."""
    if cursor:
        query = query.where(_after(sort, decode_cursor(cursor, len(sort.columns))))
    order = [column.desc() if sort.descending else column.asc() for column in sort.columns]
    limit = max(1, min(limit, MOST))
    rows = list(db.session.scalars(query.order_by(*order).limit(limit + 1)))
    more = len(rows) > limit
    return Page(rows[:limit], encode_cursor(sort.key(rows[limit - 1])) if more else None)


def every_row(read: Callable[[str | None], Page[Row]], *, most: int = MOST_IN_A_FILE) -> Iterator[Row]:
    """The rows of a whole list, page by page, for a file; `read` gives the page of a cursor."""
    cursor: str | None = None
    while most > 0:
        page = read(cursor)
        yield from page.items[:most]
        most, cursor = most - len(page.items), page.next_cursor
        if cursor is None:
            return


def encode_cursor(values: tuple[object, ...]) -> str:
    """An opaque string of sort values."""
    plain = json.dumps([value if isinstance(value, str | int | float | None) else str(value) for value in values])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, size: int) -> list[Any]:
    """The sort values of a cursor; raises Invalid when it was not made by `encode_cursor`."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        json.dumps(values, ensure_ascii=False).encode()  # half a pair of surrogates can't be sent to the database
    except (binascii.Error, ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or len(values) != size or any(isinstance(v, list | dict) for v in values):
        raise Invalid({"cursor": [_l("This page mark is not valid. Start again from the first page.")]})
    return values


def _after(sort: Sort, values: list[Any]) -> ColumnElement[bool]:
    typed = [_typed(column, value) for column, value in zip(sort.columns, values, strict=True)]
    left = tuple_(*sort.columns)
    return left < tuple_(*typed) if sort.descending else left > tuple_(*typed)


def _typed(column: Any, value: Any) -> ColumnElement[Any]:
    # Sent as text and cast by the database, so that a moment or an id of a cursor compares as its column does.
    return literal(None if value is None else str(value)).cast(column.type)
