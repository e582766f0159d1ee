"""What the product itself says of its backlog: two figures of its /metrics."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

ROWS, AGE = "wechat_journal_open_rows", "wechat_journal_oldest_open_seconds"
PATIENCE = 2.0


@dataclass(frozen=True)
class Backlog:
    """Journal rows not yet consumed, and the age of the oldest; None while the product doesn't say."""

    rows: int | None = None
    seconds: float | None = None


def backlog_in(metrics: str) -> Backlog:
    """The two figures of a page of metrics. Pure."""
    values = dict(line.rsplit(" ", 1) for line in metrics.splitlines() if line.startswith((ROWS, AGE)))
    rows, age = values.get(ROWS), values.get(AGE)
    return Backlog(None if rows is None else int(float(rows)), None if age is None else round(float(age), 1))


async def read_backlog(url: str) -> Backlog:
    """Asks the product; an unknown backlog when it doesn't answer in time."""
    address = urlsplit(url)
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.write(b"GET /metrics HTTP/1.0\r\nHost: %b\r\n\r\n" % address.netloc.encode())
            answer = await reader.read()
            writer.close()
    except (OSError, TimeoutError):
        return Backlog()
    return backlog_in(answer.decode(errors="replace"))
