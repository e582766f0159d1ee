"""The rows of the tables of figures, written out: 500 accounts are 5,000 cells, too many for a macro each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from tenants.kpi.domain.columns import Column, Form
from tenants.kpi.domain.metrics import NOT_CONNECTED, Better
from tenants.kpi.domain.rolling import Figures
from tenants.kpi.services.daily import DayTotal
from tenants.kpi.services.monthly import NodeMonth
from tenants.kpi.services.reports import MonthReport
from tenants.kpi.views.asked import Asked
from tenants.kpi.views.grouping import Line, lines_of

UNKNOWN = "—"


class Cell(NamedTuple):
    """A value as it is shown; `title` explains a missing one; `tone` colours the change."""

    text: str
    title: str = ""
    change: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the month's table."""

    node: NodeMonth
    depth: int
    address: str
    is_subtotal: bool
    is_own: bool
    cells: Sequence[Cell]


def table_rows(report: MonthReport, asked: Asked, *, place: tuple[str, str]) -> list[Row]:
    """The rows: the picked node first, each group below its subtotal."""
    return [_row(line, report.before, asked.columns, place) for line in lines_of(report.months, asked)]


def day_rows(days: Sequence[DayTotal], asked: Asked) -> list[tuple[DayTotal, list[Cell]]]:
    """The rows of an account's days, the latest first."""
    return [(one, [cell_of(column, one.figures, None) for column in asked.columns]) for one in reversed(days)]


def cell_of(column: Column, figures: Figures, before: Figures | None) -> Cell:
    """One cell; the change is left out where there is nothing to compare with."""
    value = column.value(figures)
    if value is None:
        return Cell(UNKNOWN, reason_of(column))
    change, tone = _change(column, value, column.value(before) if before else None)
    return Cell(written(column, value), "", change, tone)


def written(column: Column, value: float) -> str:
    """1,234, 12.3% or 2.4."""
    if column.form is Form.SHARE:
        return f"{value:.1%}"
    return f"{value:,.1f}" if column.form is Form.RATIO else f"{value:,.0f}"


def reason_of(column: Column) -> str:
    """Why a figure is missing."""
    return str(column.reason or NOT_CONNECTED)


def _row(line: Line, before: Mapping[UUID, NodeMonth], columns: Sequence[Column], place: tuple[str, str]) -> Row:
    node_id = line.node.line.id
    past = before.get(node_id)
    past_figures = (past.figures.own if line.is_own else past.figures.subtree) if past else None
    return Row(
        node=line.node,
        depth=line.depth,
        address=f"{place[0]}{node_id}{place[1]}",
        is_subtotal=line.is_subtotal,
        is_own=line.is_own,
        cells=[cell_of(column, line.figures, past_figures) for column in columns],
    )


def _change(column: Column, value: float, before: float | None) -> tuple[str, str]:
    if not before:
        return "", ""
    share = (value - before) / abs(before)
    if abs(share) < 0.0005:
        return "±0", "none"
    if column.better is Better.NONE:
        return f"{share:+.1%}", "none"
    return f"{share:+.1%}", "good" if (share > 0) == (column.better is Better.UP) else "bad"
