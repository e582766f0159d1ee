"""How figures, moments and addresses are written on pages: by language, and in the tenant's time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from flask import Flask, current_app, request
from flask_babel import (
    format_date,
    format_datetime,
    format_decimal,
    format_percent,
    format_timedelta,
    get_locale,
    gettext,
    to_user_timezone,
)

from saas import clock

NOTHING = "—"
MYRIAD, HUNDRED_MILLION = 10_000, 100_000_000

# In the order of asking: most browsers also claim to be the ones below them.
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def init_app(app: Flask) -> None:
    """Gives templates the filters and the helpers of addresses."""
    app.add_template_filter(number)
    app.add_template_filter(compact)
    app.add_template_filter(percent)
    app.add_template_filter(change)
    app.add_template_filter(moment)
    app.add_template_filter(day)
    app.add_template_filter(month)
    app.add_template_filter(relative)
    app.add_template_filter(duration)
    app.add_template_filter(iso)
    app.add_template_filter(device)
    app.jinja_env.globals.update(address_with=address_with, sort_address=sort_address, has_endpoint=has_endpoint)


def number(value: float | None) -> str:
    """1,234; a dash where nobody can know."""
    return NOTHING if value is None else format_decimal(value)


def compact(value: float | None) -> str:
    """1.2 万, 3.4 亿 in Chinese from ten thousand on; 12,345 in English."""
    if value is None or abs(value) < MYRIAD or not _chinese():
        return number(value)
    if abs(value) < HUNDRED_MILLION:
        return f"{format_decimal(value / MYRIAD, '#,##0.#')} 万"
    return f"{format_decimal(value / HUNDRED_MILLION, '#,##0.#')} 亿"


def percent(value: float | None) -> str:
    """12.3% of a share between 0 and 1."""
    return NOTHING if value is None else format_percent(value, "#,##0.#%")


def change(value: float | None, before: float | None) -> float | None:
    """The share by which a figure changed; None where there is nothing to compare with."""
    if value is None or not before:
        return None
    return (value - before) / abs(before)


def moment(value: datetime | None) -> str:
    """2026-11-22 14:05 in the tenant's zone."""
    return NOTHING if value is None else format_datetime(value, "yyyy-MM-dd HH:mm")


def day(value: date | None) -> str:
    """2026-11-22; a moment gives its day in the tenant's zone."""
    return NOTHING if value is None else format_date(value, "yyyy-MM-dd")


def month(value: date | None) -> str:
    """2026年11月, November 2026."""
    return NOTHING if value is None else format_date(value, "yyyy年M月" if _chinese() else "MMMM yyyy")


def iso(value: datetime) -> str:
    """RFC 3339 with the tenant's offset, for the attribute `datetime`."""
    return to_user_timezone(value).isoformat(timespec="seconds")


def relative(value: datetime | None) -> str:
    """3 minutes ago, in 2 days."""
    if value is None:
        return NOTHING
    passed = value - clock.now()
    if abs(passed) < timedelta(seconds=45):
        return gettext("just now")
    return format_timedelta(passed, add_direction=True, threshold=1)


def duration(seconds: float | None) -> str:
    """45 s, 3 min 20 s, 2 h 5 min."""
    if seconds is None:
        return NOTHING
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    if minutes:
        return gettext("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=rest)
    return gettext("%(seconds)s s", seconds=rest)


def device(agent: str) -> str:
    """Chrome · Windows, of what a browser says of itself."""
    names = [next((name for mark, name in marks if mark in agent), "") for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(name for name in names if name) or gettext("unknown device")


def address_with(**changes: object) -> str:
    """The present address with some of its query changed; None drops a name, and the cursor never stays."""
    query = request.args.to_dict(flat=False)
    query.pop("cursor", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None and value != "":
            query[name] = [str(value)]
    return f"{request.path}?{urlencode(query, doseq=True)}" if query else request.path


def sort_address(key: str) -> str:
    """The present address sorted by a column; once more turns the order round."""
    return address_with(sort=f"-{key}" if request.args.get("sort") == key else key)


def has_endpoint(name: str) -> bool:
    """Whether a page of that name exists in this deployment."""
    return name in current_app.view_functions


def _chinese() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "zh"
