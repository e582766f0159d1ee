"""A lane per tenant: who consumes its journal rows, until when by the database's clock, under which number.

The role `platform` claims; it sees which rows are open, never what stands in them.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine, TextClause, text

from saas.db import db

# For this transaction: the open rows are read in the order of their index. What is open comes and goes too fast for the
# planner's statistics; believing that hardly a row is open, it would fetch and sort a million of them for each batch.
IN_ORDER = text("""
    SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
        set_config('enable_seqscan', 'off', true)
""")
DUE = "state = 'open' AND due_at <= now()"
"""Open, and not resting after a try that failed."""


def _heads(wanted: str) -> str:
    """The oldest wanted row of each tenant: one probe of the index per tenant, however many rows wait."""
    return f"""
        WITH RECURSIVE heads AS (
            (SELECT tenant_id, received_at FROM journal WHERE {wanted} ORDER BY tenant_id, id LIMIT 1)
            UNION ALL
            SELECT next.tenant_id, next.received_at FROM heads h CROSS JOIN LATERAL (
                SELECT tenant_id, received_at FROM journal WHERE {wanted} AND tenant_id > h.tenant_id
                ORDER BY tenant_id, id LIMIT 1) next
        )
    """


WAITING = text(f"""{_heads(DUE)}
    SELECT h.tenant_id FROM heads h LEFT JOIN lanes l ON l.tenant_id = h.tenant_id
    WHERE l.lease_until IS NULL OR l.lease_until < clock_timestamp() ORDER BY l.lease_until NULLS FIRST
""")
URGENT = text(f"""{_heads(f"{DUE} AND urgent")} SELECT tenant_id FROM heads""")
OLDEST = text(f"""{_heads("state = 'open'")}
    SELECT coalesce(extract(epoch FROM clock_timestamp() - min(received_at)), 0) FROM heads
""")
MOST_COUNTED = 100_000
COUNT = text("SELECT count(*) FROM (SELECT FROM journal WHERE state = 'open' LIMIT :most) AS waiting")
MAKE = text("INSERT INTO lanes (tenant_id) VALUES (:tenant_id) ON CONFLICT DO NOTHING")
# SKIP LOCKED: whoever works on the lane right now holds its row, whatever its lease says.
CLAIM = text("""
    UPDATE lanes SET lease_until = clock_timestamp() + make_interval(secs => :seconds), fence = fence + 1, holder = :holder
    WHERE tenant_id = (SELECT tenant_id FROM lanes WHERE tenant_id = :tenant_id AND lease_until < clock_timestamp()
                       FOR UPDATE SKIP LOCKED)
    RETURNING fence
""")
RELEASE = text(
    "UPDATE lanes SET lease_until = clock_timestamp() - interval '1 ms' WHERE tenant_id = :tenant_id AND fence = :fence"
)
# Proves, to the end of the transaction, that nobody has claimed the lane since; and puts the end of the lease off.
HOLD = text("""
    UPDATE lanes SET lease_until = clock_timestamp() + make_interval(secs => :seconds)
    WHERE tenant_id = :tenant_id AND fence = :fence RETURNING fence
""")


@dataclass(frozen=True, slots=True)
class Lane:
    """A claimed lane; `fence` proves to the database that nobody has claimed it since."""

    tenant_id: UUID
    fence: int


class Lanes:
    """Claims and frees lanes as the role `platform`."""

    def __init__(self, platform: Engine, *, lease_seconds: float = 5.0) -> None:
        self.platform, self.lease_seconds = platform, lease_seconds
        self._holder = f"{socket.gethostname()}:{os.getpid()}"

    def waiting(self) -> list[UUID]:
        """The tenants with rows that are due on whom nobody works, the longest unattended first."""
        return self._tenants(WAITING)

    def urgent(self) -> list[UUID]:
        """The tenants with a row that is due whose fan asks for a person."""
        return self._tenants(URGENT)

    def hold(self, lane: Lane) -> bool:
        """Keeps the lane in the caller's transaction, and for a lease from now; False when somebody else has it."""
        values = {"tenant_id": lane.tenant_id, "fence": lane.fence, "seconds": self.lease_seconds}
        return db.session.scalar(HOLD, values) is not None

    @contextmanager
    def claimed(self, tenant_id: UUID) -> Iterator[Lane | None]:
        """The lane, or None when another has it; freed at the end."""
        lane = self._claim(tenant_id)
        yield lane
        if lane is not None:
            with self.platform.begin() as connection:
                connection.execute(RELEASE, {"tenant_id": lane.tenant_id, "fence": lane.fence})

    def oldest_open_seconds(self) -> float:
        """The age of the oldest open row; 0 when all are consumed."""
        with self.platform.connect() as connection:
            connection.execute(IN_ORDER)
            return float(connection.scalar(OLDEST) or 0)

    def count_open(self) -> int:
        """How many rows are open; of more than a hundred thousand only that they are so many."""
        with self.platform.connect() as connection:
            connection.execute(IN_ORDER)
            return connection.scalar(COUNT, {"most": MOST_COUNTED}) or 0

    def _tenants(self, query: TextClause) -> list[UUID]:
        with self.platform.connect() as connection:
            connection.execute(IN_ORDER)
            return list(connection.scalars(query))

    def _claim(self, tenant_id: UUID) -> Lane | None:
        with self.platform.begin() as connection:
            _make(connection, tenant_id)
            values = {"tenant_id": tenant_id, "seconds": self.lease_seconds, "holder": self._holder}
            fence = connection.scalar(CLAIM, values)
        return None if fence is None else Lane(tenant_id, fence)


def _make(connection: Connection, tenant_id: UUID) -> None:
    connection.execute(MAKE, {"tenant_id": tenant_id})
