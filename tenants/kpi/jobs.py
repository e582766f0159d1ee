"""Nightly: count again and say what differs; nothing is ever mended in silence."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import structlog

from saas.jobs.plan import Job, Slot
from saas.tenancy.scope import current_scope
from tenants.kpi.services.recount import compare_with_facts
from tenants.kpi.services.tidying import forget_awaited

log = structlog.get_logger(__name__)


def recount() -> None:
    """Compares the sums with the facts and reports each difference."""
    forget_awaited()
    differences = compare_with_facts()
    if differences:
        columns = Counter(difference.column for difference in differences)
        tenant_id = str(current_scope().tenant.id)
        log.error("figures_differ_from_facts", tenant_id=tenant_id, differences=len(differences), columns=dict(columns))


JOBS = (Job(name="kpi.recount", run=recount, timeout=timedelta(minutes=30)),)
SCHEDULE = (Slot(job="kpi.recount", hour=4),)
