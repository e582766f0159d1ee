"""The demo's figures: made from its messages, as the consumer would have made them."""

from __future__ import annotations

from saas.capability import Demo
from tenants.kpi.services.backfill import make_facts


def fill(_demo: Demo) -> None:
    """Writes facts and sums of the tenant's past."""
    make_facts()
