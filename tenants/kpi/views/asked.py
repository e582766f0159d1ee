"""What the address of a page of figures asks for; what makes no sense falls back to the usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from tenants.kpi.domain.columns import BY_NAME, CHARTED, Column, chosen
from tenants.kpi.domain.periods import add_months, named, parse_month
from tenants.kpi.services.reports import Period, shown_period

OFFERED_MONTHS = 24
USUAL_METRIC = "interactions"


@dataclass(frozen=True, slots=True)
class Asked:
    """Month, columns, order and charted metric. `is_flat` leaves the subtotals out."""

    period: Period
    columns: tuple[Column, ...]
    metric: Column
    sort: str
    descending: bool
    is_flat: bool

    @property
    def month_name(self) -> str:
        """The month as addresses write it."""
        return named(self.period.month)

    @property
    def months(self) -> Sequence[tuple[str, date]]:
        """The months to choose from, the latest first."""
        offered = [add_months(self.period.present, -count) for count in range(OFFERED_MONTHS)]
        if self.period.month not in offered:
            offered.append(self.period.month)
        return [(named(month), month) for month in offered]

    @property
    def month_before(self) -> str:
        """The name of the month before."""
        return named(add_months(self.period.month, -1))

    @property
    def month_after(self) -> str | None:
        """The name of the next month; None when it has not begun."""
        after = add_months(self.period.month, 1)
        return named(after) if after <= self.period.present else None


def asked_for(query: MultiDict[str, str]) -> Asked:
    """Reads the query of an address."""
    sort = query.get("sort", "")
    metric = BY_NAME.get(query.get("metric", ""))
    return Asked(
        period=shown_period(parse_month(query.get("month", ""))),
        columns=chosen(query.getlist("cols")),
        metric=metric if metric in CHARTED else BY_NAME[USUAL_METRIC],
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        is_flat=query.get("view") == "flat",
    )
