"""/api/v1/tenants/{tenant_id}/kpi: the figures of days and months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from saas.auth.entry import requires
from saas.web.api import Blueprint, page_schema
from tenants.kpi.permissions import KpiPermission
from tenants.kpi.schemas import DailyQuery, DaySchema, MonthlyQuery, MonthSchema
from tenants.kpi.services.asking import Asked, ask_days, ask_months, cut
from tenants.kpi.services.daily import NodeDay
from tenants.kpi.services.monthly import NodeMonth

blueprint = Blueprint(
    "kpi_api", __name__, url_prefix="/api/v1/tenants/<uuid:tenant_id>/kpi", description="Figures of accounts"
)


@blueprint.get("/daily")
@requires(KpiPermission.KPI_VIEW)
@blueprint.arguments(DailyQuery, location="query")
@blueprint.response(200, page_schema(DaySchema))
def daily(query: dict[str, Any]) -> dict[str, Any]:
    """The own figures of each node at or below an account, for each day; without `limit` all at once."""
    asked = Asked(query["account_id"], query["cursor"], query["limit"])
    return _page(asked, [_day(day) for day in ask_days(asked, first=query["first"], last=query["last"])])


@blueprint.get("/monthly")
@requires(KpiPermission.KPI_VIEW)
@blueprint.arguments(MonthlyQuery, location="query")
@blueprint.response(200, page_schema(MonthSchema))
def monthly(query: dict[str, Any]) -> dict[str, Any]:
    """The month of each node at or below an account, in the order of the tree; without `limit` all at once."""
    asked = Asked(query["account_id"], query["cursor"], query["limit"])
    return _page(asked, [_month(one) for one in ask_months(asked, query["month"])])


def _page(asked: Asked, items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    shown, following = cut(asked, items)
    return {"items": shown, "next_cursor": following}


def _day(day: NodeDay) -> dict[str, Any]:
    return {"account_id": day.node_id, "date": day.day, "missing": day.missing, **day.figures}


def _month(one: NodeMonth) -> dict[str, Any]:
    figures = one.figures
    return {
        "account_id": one.line.id,
        "month": one.month,
        "own": figures.own,
        "subtree": figures.subtree,
        "coverage": {name: list(pair) for name, pair in figures.coverage.items()},
        "missing": figures.missing,
    }
