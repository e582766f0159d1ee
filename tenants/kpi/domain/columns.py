"""The columns that pages and exports may show: every metric, and what is derived from two of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from tenants.kpi.domain.metrics import METRICS, UNIT_NAMES, Better, Metric
from tenants.kpi.domain.rolling import Figures


class Form(StrEnum):
    """How a value is written."""

    COUNT = "count"
    SHARE = "share"
    RATIO = "ratio"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: a metric, or `over` ÷ `under`."""

    name: str
    label: LazyString
    definition: LazyString
    better: Better
    unit: LazyString | str = ""
    form: Form = Form.COUNT
    over: str = ""
    under: str = ""
    reason: LazyString | None = None

    def value(self, figures: Figures) -> float | None:
        """The value for a node, or None when nobody can know."""
        if not self.over:
            return figures[self.name]
        over, under = figures[self.over], figures[self.under]
        return None if over is None or not under else over / under


def column_of(metric: Metric) -> Column:
    """The column of a metric."""
    return Column(
        name=metric.name,
        label=metric.label,
        definition=metric.definition,
        better=metric.better,
        unit=UNIT_NAMES[metric.unit],
        reason=metric.reason,
    )


ENGAGEMENT = Column(
    name="engagement",
    label=_l("Engagement"),
    definition=_l("Interacting fans ÷ all followers."),
    better=Better.UP,
    form=Form.SHARE,
    over="fans_interacting",
    under="followers_total",
)
PER_FAN = Column(
    name="per_fan",
    label=_l("Interactions per fan"),
    definition=_l("Interactions ÷ interacting fans."),
    better=Better.UP,
    form=Form.RATIO,
    over="interactions",
    under="fans_interacting",
)
ALL = (
    *(column_of(metric) for metric in METRICS),
    ENGAGEMENT,
    PER_FAN,
)
BY_NAME = {column.name: column for column in ALL}
USUAL = (
    "followers_total",
    "followers_new",
    "followers_net",
    "interactions",
    "fans_interacting",
    "engagement",
    "replies_robot",
    "replies_human",
    "messages_unanswered",
    "handed_over",
)
"""What the page shows until somebody chooses."""

COUNTED = tuple(column for column in ALL if column.reason is None)
CHARTED = tuple(column for column in COUNTED if not column.over)


def chosen(names: Iterable[str]) -> tuple[Column, ...]:
    """The columns of these names in their usual order; the usual ones when there is none."""
    wanted = set(names) & BY_NAME.keys() or set(USUAL)
    return tuple(column for column in ALL if column.name in wanted)
