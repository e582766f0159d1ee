"""The consumer: journal rows in batches to every observer, each batch in one transaction (docs/protocol.md, 6).

Killed anywhere nothing is lost and nothing doubled: what observers write and the mark "done" are committed together.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy import Engine

from saas.db import db
from saas.faultpoints import Point, reach
from saas.security.faults import describe
from saas.tenancy.directory import find_tenant
from saas.tenancy.scope import TenantRecord, enter, enter_directory, system_scope
from saas.wechat import rows
from saas.wechat.backlog import BacklogWatch
from saas.wechat.batch import Batch, JournalRow
from saas.wechat.housekeeping import keep_house
from saas.wechat.lanes import Lane, Lanes
from saas.wechat.metrics import CONSUMED
from saas.wechat.trouble import is_doubtful, is_lost, is_transient

__all__ = ["Batch", "Consumer", "JournalRow", "Observer", "run_forever", "run_once"]

Observer = Callable[[Batch], Iterable[str]]

BATCH = 1000
LOOK_SECONDS = 1.0
# A second, half a minute, five minutes: a release, a full disk, a process without memory are over by then. In leases, so
# that whoever shortens those need not wait.
PAUSES = (0.2, 6.0, 60.0)
MOST_POISON = 20
MOST_DOUBTS = 10
GATHER_SECONDS, PAUSE_SECONDS = 0.1, 0.2
FAULT_SECONDS = 2.0
HOUSE_SECONDS = 3600.0

log = structlog.get_logger(__name__)


class LaneLost(Exception):
    """Somebody else has claimed the lane since."""


class EverythingFails(Exception):
    """Row after row fails and none succeeds, nor the newest: the mistake is ours, and putting them aside would only hide it."""

    def __init__(self, first: Exception) -> None:
        super().__init__(type(first).__name__)
        self.first = first


@dataclass(frozen=True, slots=True)
class Poison:
    """A row that no observer gets past, and the fault."""

    journal_id: int
    error: Exception


@dataclass(frozen=True)
class Consumer:
    """Lanes to claim and observers to call, in the registry's order."""

    lanes: Lanes
    observers: Sequence[Observer]
    doubts: Counter[UUID] = field(default_factory=Counter, compare=False)
    """How often in a row a tenant's batch met a trouble that one of its rows may be behind."""

    def run_once(self) -> int:
        """One batch of every waiting tenant; returns how many rows are done.

        In between, each second: the fans who ask for a person, of every tenant.
        """
        done, looked = 0, time.monotonic()
        for tenant_id in self.lanes.waiting():
            done += self._visit(tenant_id)
            if time.monotonic() > looked + LOOK_SECONDS:
                done += sum(self._visit(urgent, most=0) for urgent in self.lanes.urgent())
                looked = time.monotonic()
        return done

    def _visit(self, tenant_id: UUID, most: int = BATCH) -> int:
        reach(Point.CONSUMER_WOKEN)
        try:
            with self.lanes.claimed(tenant_id) as lane:
                return 0 if lane is None else self._drain(lane, most)
        except EverythingFails as fault:
            log.error("every_row_fails", tenant_id=str(tenant_id), **describe(fault.first))
        except Exception as error:
            self.doubts[tenant_id] += is_doubtful(error)
            if is_lost(error):
                raise
            log.error("lane_failed", tenant_id=str(tenant_id), **describe(error))
        return 0  # the lane's lease is the pause before the next look

    def _drain(self, lane: Lane, most: int = BATCH) -> int:
        reach(Point.CONSUMER_CLAIMED)
        with enter_directory():
            tenant = find_tenant(lane.tenant_id)
        with enter(system_scope(tenant)):
            parts = [rows.open_ids(most)]
        done, poison = 0, list[Poison]()
        while parts:
            with enter(system_scope(tenant)):
                ids = parts.pop()
                observed, error = self._try(lane, ids)
            done += observed
            parts += _halves(ids) if error else []
            poison += [Poison(ids[0], error)] if error and len(ids) == 1 else []
            if len(poison) >= MOST_POISON and not done:
                done = self._witness(lane, tenant, sorted(chain.from_iterable(parts)))
                if not done:
                    raise EverythingFails(poison[0].error)
        with enter(system_scope(tenant)):
            self._put_aside(lane, poison)
        if not any(is_doubtful(one.error) for one in poison):
            self.doubts.pop(lane.tenant_id, None)
        return done

    def _witness(self, lane: Lane, tenant: TenantRecord, left: list[int]) -> int:
        """Whether any row passes, so that those that failed are poison: the newest alone, then one from the middle."""
        for row_id in dict.fromkeys((*left[-1:], *left[len(left) // 2 :][:1])):
            with enter(system_scope(tenant)):
                if done := self._try(lane, [row_id])[0]:
                    return done
        return 0

    def _try(self, lane: Lane, ids: list[int]) -> tuple[int, Exception | None]:
        """How many rows are done; a fault that lies in one of them."""
        try:
            return self._observe(lane, ids), None
        except LaneLost:
            log.warning("lane_lost", tenant_id=str(lane.tenant_id))
            return 0, None
        except Exception as error:
            db.session.rollback()
            is_suspect = is_doubtful(error) and self.doubts[lane.tenant_id] >= MOST_DOUBTS
            if is_transient(error) and not is_suspect:
                raise
            return 0, error

    def _put_aside(self, lane: Lane, poison: Sequence[Poison]) -> None:
        """Counts a try of each row, which then rests; one that fails again and again goes to quarantine."""
        pauses = [leases * self.lanes.lease_seconds for leases in PAUSES]
        for one in poison:
            if not self.lanes.hold(lane):
                log.warning("lane_lost", tenant_id=str(lane.tenant_id))
                return
            is_aside = rows.note_failure(one.journal_id, one.error, pauses=pauses)
            db.session.commit()
            log.error("row_not_observed", journal_id=one.journal_id, is_put_aside=is_aside, **describe(one.error))

    def _observe(self, lane: Lane, ids: list[int]) -> int:
        if not self.lanes.hold(lane):
            raise LaneLost
        batch = rows.claim(ids)
        topics = {topic for observer in self.observers for topic in observer(batch) or ()} if batch.rows else set()
        rows.mark_done(batch)
        rows.announce(lane.tenant_id, topics)
        reach(Point.CONSUMER_BEFORE_COMMIT)
        db.session.commit()
        reach(Point.CONSUMER_AFTER_COMMIT)
        CONSUMED.inc(len(batch.rows))
        return len(batch.rows)


def _halves(ids: list[int]) -> list[list[int]]:
    """A batch that failed in two parts, the earlier one last: it is tried next. Nothing for a single row."""
    middle = len(ids) // 2
    return [ids[middle:], ids[:middle]] if middle else []


def run_once() -> int:
    """One round of the application's consumer; returns how many rows are done."""
    consumer: Consumer = current_app.extensions["consumer"]
    return consumer.run_once()


def run_forever(stop: threading.Event) -> None:
    """Consumes until `stop` is set, and keeps house beside it; a fault of the database is waited out."""
    consumer: Consumer = current_app.extensions["consumer"]
    # Beside, not between: dropping what a great day has left may take minutes. Ending in the middle of it is harmless.
    house = threading.Thread(target=_keep_house, args=(consumer.lanes.platform, stop), daemon=True)
    house.start()
    BacklogWatch(consumer.lanes).start(stop)
    while not stop.is_set():
        try:
            done = consumer.run_once()
            stop.wait(_pause_after(done))
        except Exception as error:
            log.error("consumer_round_failed", **describe(error))
            stop.wait(FAULT_SECONDS)
    house.join(FAULT_SECONDS)


def _pause_after(done: int) -> float:
    """A batch costs nearly the same whatever its size: unless rows are waiting, a moment lets more of them come."""
    if done >= BATCH:
        return 0.0
    return GATHER_SECONDS if done else PAUSE_SECONDS


def _keep_house(platform: Engine, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            keep_house(platform)
        except Exception as error:
            log.error("housekeeping_failed", **describe(error))
        stop.wait(HOUSE_SECONDS)
