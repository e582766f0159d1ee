"""What the client says, and what it is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.gateway.client import CORES, read_account, write_requests

TOLD = (
    'RESULT {"sent": 10.0, "answered": 10.0, "first": 100.0, "last": 102.0, "late": 0.002, "statuses": {"200": 9, "503": 1},'
    ' "p50_ms": 1.5, "p99_ms": 7.25, "p995_ms": 7.5, "max_ms": 8.0, "broken": 0}'
)


def test_an_account_is_read() -> None:
    answers = read_account(f"Running 120s test\n{TOLD}\n", cpu=1.0, wall=4.0)
    assert (answers.ok, answers.seconds, answers.per_second) == (9, 2.0, 5.0)
    assert (answers.p99_ms, answers.late_ms, answers.planned_p99_ms) == (7.25, 2.0, 9.5)
    assert answers.cpu_share == 1 / (4 * CORES)


def test_no_account_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="unable to connect"):
        read_account("unable to connect to 127.0.0.1:1\n", cpu=0.0, wall=1.0)


def test_each_request_has_its_length_before_it(tmp_path: Path) -> None:
    path = tmp_path / "requests"
    write_requests(path, [b"POST /a\r\n\r\nx\n", "咖".encode()])
    assert path.read_bytes() == b"13\nPOST /a\r\n\r\nx\n3\n\xe5\x92\x96"
