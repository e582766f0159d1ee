"""The account matrix (账号矩阵) as a page shows it: the tree below a node with how each account is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from saas import clock
from saas.db import db
from saas.web.paging import decode_cursor, encode_cursor
from tenants.accounts.domain import Condition, Kind, Placed, in_tree_order
from tenants.accounts.models import Account
from tenants.accounts.services.positions import nodes_below
from tenants.accounts.services.stores import count_stores
from tenants.accounts.services.tree import list_accounts, seen

ROWS = 100
HITS = 50


@dataclass(frozen=True, kw_only=True)
class MatrixFilter:
    """What the page is narrowed to; empty narrows nothing."""

    search: str = ""
    kind: str = ""
    condition: str = ""
    archived: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the whole tree is shown, so that indentation means something."""
        return not (self.search or self.kind or self.condition)


@dataclass(frozen=True)
class MatrixRow:
    """One node with its place and state."""

    account: Account
    depth: int
    path: str
    condition: Condition
    stores: int
    last_callback_at: datetime | None


@dataclass(frozen=True)
class Choice:
    """A node to be picked."""

    id: UUID
    name: str
    kind: str
    depth: int
    path: str

    @property
    def pair(self) -> tuple[UUID, str]:
        """Id and name for a select; the name is moved in by its depth."""
        return self.id, f"{'　' * self.depth}{self.name}"


@dataclass(frozen=True)
class Matrix:
    """Some rows in the order of the tree, how many fit, and how many nodes are in which condition."""

    rows: Sequence[MatrixRow]
    total: int
    next_cursor: str | None
    conditions: dict[Condition, int]


def matrix(account_id: UUID, wanted: MatrixFilter, *, cursor: str | None = None) -> Matrix:
    """The nodes at and below a node. Raises NotFound, and Invalid for a cursor that is not ours."""
    rows = _rows(account_id, archived=wanted.archived)
    conditions = {condition: sum(row.condition is condition for row in rows) for condition in Condition}
    fitting = [row for row in rows if _fits(row, wanted)]
    start = int(decode_cursor(cursor, 1)[0]) if cursor else 0
    following = encode_cursor((start + ROWS,)) if len(fitting) > start + ROWS else None
    return Matrix(fitting[start : start + ROWS], len(fitting), following, conditions)


def matrix_rows(account_id: UUID, wanted: MatrixFilter) -> Sequence[MatrixRow]:
    """All nodes at and below a node that a filter finds, in the order of the tree, for a file. Raises NotFound."""
    return [row for row in _rows(account_id, archived=wanted.archived) if _fits(row, wanted)]


def condition_of(account: Account) -> Condition:
    """How a node's connection is; needs it loaded."""
    return account.connection.condition(clock.now()) if account.connection is not None else Condition.NONE


def pick(search: str = "") -> Sequence[Choice]:
    """The visible tree for a picker, in its order; with words the 50 best hits."""
    every = in_tree_order(db.session.scalars(seen().where(Account.archived_at.is_(None))))
    words = search.lower().split()
    fitting = [placed for placed in every if all(word in placed.path.lower() for word in words)]
    return [_choice(placed) for placed in (fitting[:HITS] if words else fitting)]


def list_parents(*, but: UUID | None = None) -> Sequence[Choice]:
    """The nodes that others may hang on, but for one and all below it."""
    left_out = nodes_below([but]) if but is not None else frozenset()
    return [one for one in pick() if one.kind != Kind.STORE and one.id not in left_out]


def path_to(account: Account) -> Sequence[Account]:
    """The visible nodes from the top down to this one, itself included."""
    tree = select(Account.id, Account.parent_id).where(Account.id == account.id).cte("above", recursive=True)
    tree = tree.union(select(Account.id, Account.parent_id).join(tree, Account.id == tree.c.parent_id))
    found = {one.id: one for one in db.session.scalars(seen().where(Account.id.in_(select(tree.c.id))))}
    path: list[Account] = []
    here: Account | None = account
    while here is not None:
        path.append(here)
        here = found.get(here.parent_id) if here.parent_id else None
    return path[::-1]


def _rows(account_id: UUID, *, archived: bool) -> Sequence[MatrixRow]:
    order = in_tree_order(list_accounts(below=account_id, archived=archived))
    below, now = dict.fromkeys((placed.node.id for placed in order), 0) | dict(count_stores()), clock.now()
    for placed in reversed(order):  # children come after their parents
        if placed.node.parent_id in below:
            below[placed.node.parent_id] += below[placed.node.id]
    return [_row(placed, below[placed.node.id], now) for placed in order]


def _choice(placed: Placed) -> Choice:
    account: Account = placed.node
    return Choice(account.id, account.name, account.kind, placed.depth, placed.path)


def _row(placed: Placed, stores: int, now: datetime) -> MatrixRow:
    account: Account = placed.node
    connection = account.connection
    condition = connection.condition(now) if connection is not None else Condition.NONE
    heard = connection.last_callback_at if connection is not None else None
    return MatrixRow(account, placed.depth, placed.path, condition, stores, heard)


def _fits(row: MatrixRow, wanted: MatrixFilter) -> bool:
    words = wanted.search.lower().split()
    return (
        all(word in row.path.lower() for word in words)
        and wanted.kind in ("", row.account.kind)
        and wanted.condition in ("", row.condition.value)
    )
