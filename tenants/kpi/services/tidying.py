"""Forgetting what has no use any more."""

from __future__ import annotations

from sqlalchemy import text

from saas.db import db

_FORGET = text("DELETE FROM kpi_awaited WHERE tenant_id = app_tenant() AND since < now() - interval '8 days'")


def forget_awaited() -> None:
    """Drops taps whose pictures never came; eight days, as a late event may be seven days old."""
    db.session.execute(_FORGET)
