"""A log that can't be written costs nobody an answer."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import pytest
import structlog
from flask import Flask


def test_a_full_disk_below_the_log_is_no_fault(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full").open("w")  # noqa: SIM115 - closing it fails as well
    with monkeypatch.context() as context:
        context.setattr(sys, "stdout", full)
        structlog.get_logger().error("something", number=1)
    with pytest.raises(OSError, match="No space"):
        full.flush()
    with suppress(OSError):
        full.close()
