"""What the outbox counts for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

OUTCOMES = Counter(
    "wechat_outbox_outcomes_total", "Calls of the outbox by kind and by what became of them.", ["kind", "outcome"]
)
# Of the whole deployment, so the last word holds: that of a dead process must not stay.
OLDEST_OPEN = Gauge(
    "wechat_outbox_oldest_open_seconds", "Age of the oldest effect not yet sent.", multiprocess_mode="mostrecent"
)
