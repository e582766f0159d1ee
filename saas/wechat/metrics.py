"""What the gateway counts for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

CALLBACKS = Counter("wechat_callbacks_total", "Callbacks by what became of them.", ["outcome"])
ANSWER_SECONDS = Histogram(
    "wechat_answer_seconds",
    "Time from the callback's arrival in the program to its answer.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0),
)
LET_GO = Counter(
    "wechat_accounts_let_go_total",
    "Accounts whose rules left the memory of a callback process to make room for others.",
)
SPOOLED = Counter("wechat_spooled_total", "Callbacks put by on this machine while the journal was away.")
# Each process measures the whole folder, so the last word holds: that of a dead one must not stay.
SPOOL_BYTES = Gauge("wechat_spool_bytes", "What waits on this machine for the journal.", multiprocess_mode="mostrecent")
COMPONENT_EVENTS = Counter(
    "wechat_component_events_total", "Events of the Open Platform by what became of them.", ["outcome"]
)
CALLS = Counter("wechat_calls_total", "Calls to WeChat by what became of them.", ["outcome"])
CONSUMED = Counter("wechat_journal_consumed_total", "Journal rows that every observer has seen.")
QUARANTINED = Counter("wechat_quarantined_total", "Callbacks put aside.", ["place"])
# Of the whole deployment, so the last word holds, whichever process spoke.
OLDEST_OPEN = Gauge(
    "wechat_journal_oldest_open_seconds",
    "Age of the oldest journal row not yet consumed.",
    multiprocess_mode="mostrecent",
)
OPEN_ROWS = Gauge(
    "wechat_journal_open_rows",
    "Journal rows not yet consumed; 100000 stands for so many or more.",
    multiprocess_mode="mostrecent",
)
