"""Sending one account's effects: claim and commit, call, outcome (docs/protocol.md, 10)."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from saas.db import db
from saas.faultpoints import Point, reach
from saas.security.faults import describe
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat import rows
from saas.wechat.outbox import claims
from saas.wechat.outbox.calling import Caller
from saas.wechat.outbox.effects import CustomMessage, policy_of
from saas.wechat.outbox.metrics import OUTCOMES
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.outbox.ports import OutcomeObserver
from saas.wechat.outbox.states import OPEN, OVER, Reason, State, Step, after_death, before_call, before_it_called
from saas.wechat.quota import fans

TURN_SECONDS = 5.0
"""How long an account may send before the next one gets its turn: a slow WeChat must not keep the others waiting."""
TOPIC = "outbox"
log = structlog.get_logger(__name__)


Outcome = tuple[TenantRecord, OutboxRow, Step]


@dataclass(frozen=True)
class Sender:
    """Sends what is due; any number may work at once, on this machine and others.

    `kept` is what this process alone knows while PostgreSQL is away: outcomes, as long as it lives. `unanswered` are the
    accounts whose last call WeChat did not answer.
    """

    caller: Caller
    lease_seconds: float = 30.0
    observers: Sequence[OutcomeObserver] = ()
    kept: deque[Outcome] = field(default_factory=deque)
    unanswered: set[UUID] = field(default_factory=set)

    def drain(self, tenant: TenantRecord, account_id: UUID, *, stop: threading.Event | None = None) -> int:
        """Sends the account's due effects one after the other for a turn's time; returns how many were tried.

        It ends early, between two effects, when `stop` is set, and after a call that WeChat did not answer.
        """
        self.settle_kept()  # before a dead sender's is buried: it may be ours
        with enter(system_scope(tenant)):
            self._bury(account_id)
        tried, end = 0, time.monotonic() + TURN_SECONDS
        while time.monotonic() < end and not (stop and stop.is_set()) and self._send_next(tenant, account_id):
            tried += 1
            if account_id in self.unanswered:
                break
        return tried

    def settle_kept(self) -> bool:
        """Writes the outcomes that could not be written yet; whether none is left."""
        while self.kept:
            try:
                outcome = self.kept.popleft()
            except IndexError:  # another thread's by now
                return True
            if not self._is_settled(outcome):
                return False
        return True

    def _bury(self, account_id: UUID) -> None:
        """Decides about effects whose sender was killed: again where nothing left or with the same key, else unknown."""
        for row in claims.dead(account_id):
            self._settle(row, _after_death(row))
        db.session.commit()

    def _send_next(self, tenant: TenantRecord, account_id: UUID) -> bool:
        with enter(system_scope(tenant)):
            row = claims.claim(account_id, lease_seconds=self.lease_seconds)
            if row is None:
                return False
            step = _allowed(row)
            db.session.commit()  # nobody calls WeChat before it stands there that somebody will
            reach(Point.OUTBOX_CLAIMED)
            step = step or self.caller.attempt(row)
        if step is not None:
            (self.unanswered.add if step.is_unanswered else self.unanswered.discard)(account_id)
            reach(Point.OUTBOX_BEFORE_OUTCOME)
            self._is_settled((tenant, row, step))
            reach(Point.OUTBOX_AFTER_OUTCOME)
        return True

    def _is_settled(self, outcome: Outcome) -> bool:
        """Writes it, or keeps it in mind: what nobody else knows must outlast PostgreSQL's absence. The fence guards the row."""
        tenant, row, step = outcome
        try:
            with enter(system_scope(tenant)):
                self._settle(row, step)
                db.session.commit()
                return True
        except Exception as error:
            if not claims.is_passing(error):
                raise
            self.kept.append(outcome)
            log.warning("outcome_not_written", effect=str(row.id), **describe(error))
            return False

    def _settle(self, row: OutboxRow, step: Step) -> None:
        """Writes the outcome, and what it means for the fan's allowance."""
        if not claims.record(row, step):
            return
        if step.is_clear and step.state is not State.DONE and row.spent and row.openid:
            fans.give_back(row.account_id, row.openid, row.spent)
        if step.errcode in OVER and row.openid:
            fans.end(row.account_id, row.openid, row.id)
        rows.announce(row.tenant_id, {TOPIC, *(self._tell(row.id) if step.state not in OPEN else ())})
        OUTCOMES.labels(row.kind, step.state).inc()

    def _tell(self, effect_id: UUID) -> Iterator[str]:
        row = claims.reread(effect_id)
        for observe in self.observers:
            yield from _heard(observe, row)


def _after_death(row: OutboxRow) -> Step:
    policy = policy_of(row.kind)
    if row.called_at is None:
        return before_it_called(policy, tries=row.tries, unclear_for=claims.unclear_for(row))
    return after_death(policy, unclear_for=claims.age(row.unclear_since or row.claimed_at or row.created_at))


def _allowed(row: OutboxRow) -> Step | None:
    """Takes the message from the fan's allowance; a step when it can't go out after all."""
    step = before_call(policy_of(row.kind), age=claims.age_at_claim(row), unclear_for=claims.unclear_for(row))
    if step is None and row.kind == CustomMessage.kind:
        row.spent = fans.spend(row.account_id, row.openid or "")
        return None if row.spent else Step(state=State.REFUSED, reason=Reason.ALLOWANCE)
    return step


def _heard(observe: OutcomeObserver, row: OutboxRow) -> Sequence[str]:
    """An observer that fails must not turn what was sent into what nobody knows."""
    try:
        with db.session.begin_nested():
            return tuple(observe(row))
    except Exception as error:
        if claims.is_passing(error):
            raise
        log.error("outcome_not_observed", effect=str(row.id), **describe(error))
        return ()
