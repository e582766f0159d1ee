"""A consumer or a caller whose clock is wrong: leases and ends are by the database's, so nothing is taken twice."""

from __future__ import annotations

import pytest

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat.lanes import Lanes
from tests.factories.clocks import WRONG, wrong_by
from tests.saas.wechat.test_tokens import Counted

pytestmark = pytest.mark.parametrize("wrong", WRONG, ids=str)


def test_a_lane_is_one_consumers_until_its_lease_is_over(tenant, send, consumer, wrong):
    send("a")
    patient = Lanes(db.engines["platform"], lease_seconds=60)
    with patient.claimed(tenant.id) as lane:
        assert lane is not None
        with wrong_by(wrong):
            assert tenant.id not in patient.waiting()
            with patient.claimed(tenant.id) as second:
                assert second is None
    with wrong_by(wrong):
        assert tenant.id in patient.waiting()
        assert consumer.run_once() == 1


def test_a_lease_that_was_cut_short_is_taken_by_the_next_and_the_first_writes_nothing(tenant, send, consumer, wrong):
    send("a")
    with wrong_by(wrong), consumer.lanes.claimed(tenant.id) as first, consumer.lanes.claimed(tenant.id) as second:
        assert second.fence == first.fence + 1
        with enter(system_scope(tenant)):
            assert not consumer.lanes.hold(first)


def test_a_token_lasts_as_long_as_the_database_says(tokens, wrong):
    fetch = Counted()
    with wrong_by(wrong):
        assert tokens.current(fetch) == "token-1"
    assert tokens.current(fetch) == "token-1"
