"""Many rows as a few parameters: one PostgreSQL array literal per column.

A literal joined here costs a tenth of what a driver spends on a list, and a statement over `unnest` has one text, and
so one plan, for any number of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

Fields = Mapping[str, str]
"""Columns in order, each with its type in PostgreSQL."""

_SEPARATOR, _NULL = "\0s", "\0n"  # no text that PostgreSQL takes holds a NUL


def plain_array(values: Iterable[object]) -> str:
    """Ids, numbers, booleans: what needs no quotes. None is NULL."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def uuid_array(values: Iterable[UUID | str | None]) -> str:
    """Ids; their digits alone are five times cheaper than their usual form. None is NULL."""
    return "{" + ",".join(["NULL" if v is None else v if type(v) is str else v.hex for v in values]) + "}"  # type: ignore[union-attr]


def moment_array(values: Iterable[date | None]) -> str:
    """Days and moments: rows of one batch share them. None is NULL."""
    return "{" + ",".join(["NULL" if value is None else _moment(value) for value in values]) + "}"


def text_array(values: Iterable[str | None]) -> str:
    """Texts, each in quotes. None is NULL. Raises ValueError for a text with a NUL."""
    texts = list(values)
    if not texts:
        return "{}"
    joined = _SEPARATOR.join([_NULL if text is None else text for text in texts])
    if joined.count("\0") != len(texts) - 1 + texts.count(None):
        raise ValueError("a NUL in a text")
    quoted = joined.replace("\\", "\\\\").replace('"', '\\"').replace(_SEPARATOR, '","')
    return ('{"' + quoted + '"}').replace(f'"{_NULL}"', "NULL")


def given(fields: Fields) -> str:
    """The SQL of rows that `arrays_of` hands over: `unnest(…) AS given (…)`."""
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in fields.items())
    return f"unnest({arrays}) AS given ({', '.join(fields)})"


def arrays_of(rows: Sequence[Sequence[Any]], fields: Fields) -> dict[str, str]:
    """Rows, their values in the order of `fields`, as the parameters that `given` names."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(fields)
    return {
        name: _WRITERS.get(kind, plain_array)(column)
        for (name, kind), column in zip(fields.items(), columns, strict=True)
    }


@lru_cache(maxsize=8192)
def _moment(value: date) -> str:
    return str(value)


_WRITERS: dict[str, Callable[[Iterable[Any]], str]] = {
    "text": text_array,
    "jsonb": text_array,
    "uuid": uuid_array,
    "timestamptz": moment_array,
    "date": moment_array,
}
