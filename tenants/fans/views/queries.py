"""From the addresses of the pages to what the services take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from saas import clock
from saas.tenancy.scope import current_scope
from saas.web.queries import read_query
from tenants.fans.schemas import SORTS, Line
from tenants.fans.services import FanFilter, MessageFilter
from tenants.fans.views import labels

ONE_DAY = timedelta(days=1)
STATE_FILTERS: Mapping[str, dict[str, Any]] = {
    "": {"erased": False},
    "subscribed": {"erased": False, "subscribed": True},
    "left": {"erased": False, "subscribed": False},
    "erased": {"erased": True},
}


class FanPageQuery(Schema):
    """What the page of fans may be asked."""

    q = Line(load_default="", validate=Length(max=100))
    state = fields.String(load_default="", validate=OneOf(list(STATE_FILTERS)))
    source = fields.String(load_default="", validate=Length(max=40))
    tag = fields.UUID(load_default=None)
    channel = fields.UUID(load_default=None)
    active = fields.String(load_default="", validate=OneOf(["", *labels.ACTIVE]))
    sort = fields.String(load_default="-created_at", validate=OneOf(SORTS))
    cursor = fields.String(load_default=None)


class LogQuery(Schema):
    """What the message log may be asked."""

    q = Line(load_default="", validate=Length(max=100))
    author = fields.String(load_default="", validate=OneOf(["", *labels.AUTHORS]))
    type = fields.String(load_default="", validate=Length(max=40))
    rule = Line(load_default="", validate=Length(max=64))
    unanswered = fields.Boolean(load_default=False)
    first = fields.Date(load_default=None, data_key="from")
    last = fields.Date(load_default=None, data_key="to")
    cursor = fields.String(load_default=None)


def read_fan_filter() -> tuple[FanFilter, str | None]:
    """The filter of the address, and its cursor."""
    query = read_query(FanPageQuery())
    active = query["active"]
    since = clock.now() - timedelta(days=int(active)) if active else None
    kept = {name: query[name] for name in ("q", "source", "tag", "channel", "sort")}
    return FanFilter(**kept, **STATE_FILTERS[query["state"]], active_since=since), query["cursor"]


def read_message_filter() -> tuple[MessageFilter, str | None]:
    """The filter of the address, and its cursor; days are those of the brand's zone."""
    query = read_query(LogQuery())
    kept: dict[str, Any] = {name: query[name] for name in ("q", "author", "type", "unanswered")}
    until = _start(query["last"] + ONE_DAY) if query["last"] else None
    since = _start(query["first"]) if query["first"] else None
    return MessageFilter(**kept, rule_id=query["rule"], since=since, until=until), query["cursor"]


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(current_scope().tenant.time_zone))
