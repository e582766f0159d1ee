"""A consumer that stands still but lives: its lane goes to another, and what it does later counts for nothing."""

from __future__ import annotations

import os
import signal
import warnings
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat import lanes
from saas.wechat.consume import Poison
from saas.wechat.lanes import Lanes
from saas.wechat.trouble import is_transient
from tests.factories.processes import wait_for
from tests.saas.wechat.test_consume import effects, states, write_effects

PATIENCE = 0.5
CUT_OFF = 3
STEPS = {"claims": (lanes.BE_PATIENT, lanes.MAKE, lanes.CLAIM), "frees": (lanes.RELEASE,)}


@pytest.fixture
def consumer(consumer, monkeypatch):
    """Cut off after half a second of standing still."""
    monkeypatch.setattr(lanes, "LEAST_PATIENCE", PATIENCE)
    return replace(consumer, lanes=Lanes(db.engines["platform"], lease_seconds=0.0))


@pytest.fixture
def frozen(business, consumer):
    """A process that has written what a batch causes, and stops before it can commit; goes on when told."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of other tests: the child starts none
        child = os.fork()
    if child == 0:
        _consume_and_stop(business, consumer)
    assert os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1])
    yield child
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def _consume_and_stop(business, consumer):
    for engine in db.engines.values():
        engine.dispose(close=False)
    business.observers += [write_effects, lambda _batch: os.kill(os.getpid(), signal.SIGSTOP) or []]
    try:
        consumer.run_once()
    except DBAPIError as error:
        os._exit(CUT_OFF if is_transient(error) else 1)
    os._exit(0)


@pytest.fixture
def sent(consumer, send):
    """What the frozen one has begun with."""
    send("a", "b")


def test_another_takes_its_lane_over_and_its_late_work_is_refused(tenant, sent, frozen, business, consumer):
    business.observers.append(write_effects)
    done = []
    wait_for(lambda: done.append(consumer.run_once()) or done[-1], "the lane is free")
    assert (done[-1], states(tenant), effects(tenant)) == (2, ["done"] * 2, 2)
    os.kill(frozen, signal.SIGCONT)
    assert os.waitstatus_to_exitcode(os.waitpid(frozen, 0)[1]) == CUT_OFF
    assert (states(tenant), effects(tenant)) == (["done"] * 2, 2)


@pytest.mark.parametrize("act", STEPS)
def test_who_stands_still_while_he_claims_or_frees_a_lane_keeps_it_from_nobody(tenant, consumer, act):
    values = {**consumer.lanes._values(tenant.id), "holder": "frozen", "fence": 0}
    with db.engines["platform"].connect() as connection:
        connection.execute(lanes.MAKE, values)
        connection.commit()
        for statement in STEPS[act]:
            connection.execute(statement, values)
        assert not _can_claim(consumer, tenant)
        wait_for(lambda: _can_claim(consumer, tenant), "the lane is free")
        with pytest.raises(DBAPIError) as cut:
            connection.execute(lanes.BE_PATIENT, values)
        assert is_transient(cut.value)
        connection.invalidate()


def test_who_works_on_a_lane_keeps_nobody_waiting(tenant, consumer):
    with consumer.lanes.claimed(tenant.id) as lane, enter(system_scope(tenant)):
        assert consumer.lanes.hold(lane)
        assert not _can_claim(consumer, tenant)  # at once, else it would give up with LockNotAvailable


def _can_claim(consumer, tenant):
    with consumer.lanes.claimed(tenant.id) as lane:
        return lane is not None


def test_who_has_only_looked_keeps_no_month_from_being_dropped(tenant):
    with enter(system_scope(tenant)):
        db.session.execute(lanes.IN_ORDER)
        assert db.session.scalar(text("SHOW idle_in_transaction_session_timeout")) == "30s"


def test_the_patience_is_six_leases():
    assert Lanes(None, lease_seconds=5.0)._patience == "30000ms"
    assert Lanes(None, lease_seconds=2.0)._patience == "12000ms"


def test_who_lost_the_lane_counts_no_try(tenant, send, consumer):
    send("a")
    with consumer.lanes.claimed(tenant.id) as lane, consumer.lanes.claimed(tenant.id), enter(system_scope(tenant)):
        row = db.session.scalar(text("SELECT id FROM journal"))
        consumer._put_aside(lane, [Poison(row, ValueError())])
        assert db.session.scalar(text("SELECT tries FROM journal")) == 0
