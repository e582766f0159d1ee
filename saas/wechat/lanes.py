"""A lane per tenant: who consumes its journal rows, until when by the database's clock, under which number.

The role `platform` claims; it sees which rows are open, never what stands in them.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, TextClause, text

from saas.db import db

# For this transaction: the open rows are read in the order of their index. What is open comes and goes too fast for the
# planner's statistics; believing that hardly a row is open, it would fetch and sort a million of them for each batch.
# A process that stands still with them read does not keep months from being made and dropped.
IN_ORDER = text("""
    SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
        set_config('enable_seqscan', 'off', true), set_config('idle_in_transaction_session_timeout', '30s', true)
""")
DUE = "state = 'open' AND (due_at IS NULL OR due_at <= now())"
"""Open, and not resting after a try that failed."""

PATIENT_LEASES, LEAST_PATIENCE = 6.0, 5.0
"""How long a transaction on a lane may stand still or wait for a lock: half a minute; never less seconds than the second."""


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
# What was drained from the spool came long before its number says, and stands among what came meanwhile: so the first few of
# each tenant are looked at, not its first alone.
OLDEST = text(f"""{_heads("state = 'open'")}
    SELECT coalesce(extract(epoch FROM clock_timestamp() - min(first.received_at)), 0) FROM heads h CROSS JOIN LATERAL (
        SELECT received_at FROM journal WHERE state = 'open' AND tenant_id = h.tenant_id ORDER BY id LIMIT :most) first
""")
MOST_LOOKED_AT = 100
MOST_COUNTED = 100_000
COUNT = text("SELECT count(*) FROM (SELECT FROM journal WHERE state = 'open' LIMIT :most) AS waiting")
# For this transaction: a process that stands still in the middle of it is cut off, and what it has locked is free. Whose
# turn it is to wait for a lock gives up as soon.
PATIENCE = """
    set_config('idle_in_transaction_session_timeout', :patience, true) AS idle, set_config('lock_timeout', :patience, true) AS lock
"""
BE_PATIENT = text(f"SELECT FROM {PATIENCE}")
# Asked first whether it is there: a conflict waits for whoever works on the lane right now.
MAKE = text("""
    INSERT INTO lanes (tenant_id) SELECT :tenant_id
    WHERE NOT EXISTS (SELECT FROM lanes WHERE tenant_id = :tenant_id) ON CONFLICT DO NOTHING
""")
# SKIP LOCKED: whoever works on the lane right now holds its row, whatever its lease says.
CLAIM = text("""
    UPDATE lanes SET lease_until = clock_timestamp() + make_interval(secs => :seconds), fence = fence + 1, holder = :holder
    WHERE tenant_id = (SELECT tenant_id FROM lanes WHERE tenant_id = :tenant_id AND lease_until < clock_timestamp()
                       FOR UPDATE SKIP LOCKED)
    RETURNING fence
""")
RELEASE = text(f"""
    UPDATE lanes SET lease_until = clock_timestamp() - interval '1 ms' FROM {PATIENCE}
    WHERE tenant_id = :tenant_id AND fence = :fence
""")
# Proves, to the end of the transaction, that nobody has claimed the lane since; and puts the end of the lease off.
HOLD = text(f"""
    UPDATE lanes SET lease_until = clock_timestamp() + make_interval(secs => :seconds) FROM {PATIENCE}
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
        self._patience = f"{max(LEAST_PATIENCE, PATIENT_LEASES * lease_seconds) * 1000:.0f}ms"
        self._holder = f"{socket.gethostname()}:{os.getpid()}"

    def waiting(self) -> list[UUID]:
        """The tenants with rows that are due on whom nobody works, the longest unattended first."""
        return self._tenants(WAITING)

    def urgent(self) -> list[UUID]:
        """The tenants with a row that is due whose fan asks for a person."""
        return self._tenants(URGENT)

    def hold(self, lane: Lane) -> bool:
        """Keeps the lane in the caller's transaction, and for a lease from now; False when somebody else has it."""
        return db.session.scalar(HOLD, self._values(lane.tenant_id, fence=lane.fence)) is not None

    @contextmanager
    def claimed(self, tenant_id: UUID) -> Iterator[Lane | None]:
        """The lane, or None when another has it; freed at the end."""
        lane = self._claim(tenant_id)
        yield lane
        if lane is not None:
            with self.platform.begin() as connection:
                connection.execute(RELEASE, self._values(tenant_id, fence=lane.fence))

    def oldest_open_seconds(self) -> float:
        """The age of the oldest open row; 0 when all are consumed."""
        with self.platform.connect() as connection:
            connection.execute(IN_ORDER)
            return float(connection.scalar(OLDEST, {"most": MOST_LOOKED_AT}) or 0)

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
            values = self._values(tenant_id, holder=self._holder)
            connection.execute(BE_PATIENT, values)
            connection.execute(MAKE, values)
            fence = connection.scalar(CLAIM, values)
        return None if fence is None else Lane(tenant_id, fence)

    def _values(self, tenant_id: UUID, **more: int | str) -> dict[str, Any]:
        return {"tenant_id": tenant_id, "seconds": self.lease_seconds, "patience": self._patience, **more}
