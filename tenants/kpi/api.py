"""/api/v1/tenants/{tenant_id}/kpi: the figures of days and months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_smorest import Blueprint

from saas.auth.entry import requires
from saas.web.api import page_schema
from tenants.kpi.permissions import KpiPermission
from tenants.kpi.schemas import DailyQuery, DaySchema, MonthlyQuery, MonthSchema, day_item, month_item
from tenants.kpi.services.asking import Asked, ask_days, ask_months, cut

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
    return _page(asked, [day_item(day) for day in ask_days(asked, first=query["first"], last=query["last"])])


@blueprint.get("/monthly")
@requires(KpiPermission.KPI_VIEW)
@blueprint.arguments(MonthlyQuery, location="query")
@blueprint.response(200, page_schema(MonthSchema))
def monthly(query: dict[str, Any]) -> dict[str, Any]:
    """The month of each node at or below an account, in the order of the tree; without `limit` all at once."""
    asked = Asked(query["account_id"], query["cursor"], query["limit"])
    return _page(asked, [month_item(one) for one in ask_months(asked, query["month"])])


def _page(asked: Asked, items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    shown, following = cut(asked, items)
    return {"items": shown, "next_cursor": following}
