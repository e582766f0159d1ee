"""What the product says of its backlog."""

from __future__ import annotations

from benchmarks.replay.gauges import Backlog, backlog_in, read_backlog
from tests.factories.loops import run

METRICS = """# HELP wechat_journal_open_rows Rows.
# TYPE wechat_journal_open_rows gauge
wechat_journal_open_rows 1250.0
wechat_journal_oldest_open_seconds 3.4567
wechat_answer_seconds_count 7.0
"""


def test_the_two_figures_are_read() -> None:
    assert backlog_in(METRICS) == Backlog(1250, 3.5)
    assert backlog_in("wechat_answer_seconds_count 7.0") == Backlog(None, None)


def test_nobody_there_is_an_unknown_backlog() -> None:
    assert run(read_backlog("http://127.0.0.1:1")) == Backlog()
