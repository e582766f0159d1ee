"""The audit: one entry per unsafe request, made from what the session is about to write, without secrets."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import ColumnProperty, Mapper

from saas.db import TenantSession, db
from saas.tenancy.models import AuditEntry, IdempotencyKey
from saas.tenancy.scope import Principal

HIDDEN = "•••"
UNWATCHED = (AuditEntry, IdempotencyKey)
CHANGES = "audited changes"


@event.listens_for(TenantSession, "before_flush")
def _collect(session: TenantSession, _context: object, _instances: object) -> None:
    if CHANGES not in session.info:
        return
    kinds = (("create", session.new), ("update", session.dirty), ("delete", session.deleted))
    rows = [(kind, row) for kind, group in kinds for row in group if not isinstance(row, UNWATCHED)]
    session.info[CHANGES].extend(change for kind, row in rows if (change := _change(kind, row)))


def watch() -> None:
    """Starts collecting what the present session changes."""
    db.session().info[CHANGES] = []


def note(kind: str, table: str, **facts: object) -> None:
    """Adds a change that no mapped object shows (a bulk statement, an export)."""
    changes = db.session().info.get(CHANGES)
    if changes is not None:
        changes.append({"kind": kind, "table": table, "after": {name: _plain(value) for name, value in facts.items()}})


def record(principal: Principal, *, action: str, path_ids: dict[str, str], request_id: str, address: str) -> None:
    """Adds the entry of this request to the session; it is committed with what it tells of."""
    session = db.session()
    session.flush()  # so that the changes are all collected
    entry = AuditEntry(
        user_id=principal.user_id,
        user_name=principal.name,
        role=principal.role,
        action=action,
        path_ids=path_ids,
        changes=session.info.pop(CHANGES, []),
        request_id=request_id,
        address=address,
    )
    session.add(entry)


def _change(kind: str, row: Any) -> dict[str, Any] | None:
    state = inspect(row)
    mapper: Mapper[Any] = state.mapper
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for column in mapper.column_attrs:
        history = state.attrs[column.key].load_history() if kind != "delete" else None
        if history is not None and not history.has_changes():
            continue
        hidden = _is_hidden(column)
        if history is not None and history.added:
            after[column.key] = HIDDEN if hidden else _plain(history.added[0])
        old = history.deleted if history is not None else (getattr(row, column.key),)
        if old and kind != "create":
            before[column.key] = HIDDEN if hidden else _plain(old[0])
    if not before and not after:
        return None
    return {"kind": kind, "table": str(mapper.local_table), "id": _identity(row), "before": before, "after": after}


def _identity(row: Any) -> str | None:
    identifier = getattr(row, "id", None) or getattr(row, "app_id", None)
    return None if identifier is None else str(identifier)


def _is_hidden(column: ColumnProperty[Any]) -> bool:
    info = column.columns[0].info
    return bool(info.get("secret") or info.get("personal"))


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return HIDDEN
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID | datetime | date | time):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
