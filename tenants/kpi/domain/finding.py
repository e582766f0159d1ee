"""The sentence over a chart: what the figures say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import format_date, get_locale
from flask_babel import gettext as _

Point = tuple[date, int | None]


def year_finding(label: str, points: Sequence[Point], *, present: date | None = None) -> str:
    """What a year of months says; `present` is the month that is not over, which is told but not judged."""
    known = [(month, value) for month, value in points if value is not None]
    if not any(value for _month, value in known):
        return _("%(metric)s: nothing counted yet", metric=label)
    closed = [point for point in known if point[0] != present]
    if len(closed) < 2:
        month, value = known[-1]
        return _("%(metric)s: %(value)s in %(month)s so far", metric=label, value=f"{value:,}", month=_month(month))
    return _judged(label, closed)


def days_finding(label: str, points: Sequence[Point]) -> str:
    """What the days of a month say: how many in all, and the best day."""
    known = [(day, value) for day, value in points if value is not None]
    total = sum(value for _day, value in known)
    if not total:
        return _("%(metric)s: nothing counted in these days", metric=label)
    best, most = max(known, key=lambda point: point[1])
    words = {"metric": label, "total": f"{total:,}", "day": _day(best), "most": f"{most:,}"}
    return _("%(metric)s: %(total)s in all, most on %(day)s (%(most)s)", **words)


def _judged(label: str, closed: Sequence[tuple[date, int]]) -> str:
    (month, value), (_before, before) = closed[-1], closed[-2]
    values = [one for _month_, one in closed]
    words = {"metric": label, "value": f"{value:,}", "month": _month(month), "share": _share(value, before)}
    if value == max(values) and values.count(value) == 1:
        return _("%(metric)s: %(value)s in %(month)s, the most of these months", **words)
    if value == min(values) and values.count(value) == 1:
        return _("%(metric)s: %(value)s in %(month)s, the least of these months", **words)
    if not before or value == before:
        return _("%(metric)s: %(value)s in %(month)s", **words)
    if value > before:
        return _("%(metric)s rose by %(share)s in %(month)s, to %(value)s", **words)
    return _("%(metric)s fell by %(share)s in %(month)s, to %(value)s", **words)


def _share(value: int, before: int) -> str:
    return f"{abs(value - before) / abs(before):.1%}" if before else ""


def _month(month: date) -> str:
    return str(format_date(month, "M月" if _chinese() else "MMMM"))


def _day(day: date) -> str:
    return str(format_date(day, "M月d日" if _chinese() else "MMMM d"))


def _chinese() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "zh"
