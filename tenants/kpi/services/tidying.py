"""Forgetting what has no use any more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from saas import clock
from saas.db import db
from tenants.kpi.models import KpiAwaited

KEPT = timedelta(days=8)
"""A late event may be seven days old."""


def forget_awaited() -> None:
    """Drops taps whose pictures never came."""
    db.session.execute(delete(KpiAwaited).where(KpiAwaited.since < clock.now() - KEPT))
