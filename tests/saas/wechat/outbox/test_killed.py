"""Killed between any two steps: a message reaches its fan at most once, a template goes out again with its key."""

from __future__ import annotations

from dataclasses import replace

import pytest
from psycopg import InterfaceError as Closed
from psycopg.errors import AdminShutdown, UndefinedTable
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from saas.faultpoints import Point
from saas.wechat.outbox import calling, sending
from saas.wechat.outbox.states import MOST_TRIES, State, Step


class Killed(BaseException):
    """Ends the sender as kill -9 would: no handler of ours runs."""


@pytest.fixture
def kill_at(monkeypatch):
    """Kills whoever reaches a point, once."""

    def arm(wanted):
        orders = [wanted]

        def reach(point):
            if point in orders:
                orders.remove(point)
                raise Killed

        monkeypatch.setattr(sending, "reach", reach)
        monkeypatch.setattr(calling, "reach", reach)

    return arm


@pytest.mark.parametrize("point", [Point.OUTBOX_BEFORE_CALL, Point.OUTBOX_AFTER_CALL, Point.OUTBOX_BEFORE_OUTCOME])
def test_killed_a_message_reaches_its_fan_at_most_once(drain, phone, fans, planned, change, states, kill_at, point):
    phone.write(fans[0])
    planned(fans[0])
    planned(fans[0], "二")
    kill_at(point)
    with pytest.raises(Killed):
        drain()
    assert states() == ["sending", "planned"]
    assert drain() == 0  # the lease still runs
    change("lease_until = now()")
    assert (drain(), states()) == (1, ["unknown", "done"])
    assert len(phone.got(fans[0])) <= 2


def test_killed_before_its_call_a_message_goes_out_later(drain, phone, fans, planned, change, states, effects, kill_at):
    phone.write(fans[0])
    planned(fans[0])
    kill_at(Point.OUTBOX_CLAIMED)
    with pytest.raises(Killed):
        drain()
    change("lease_until = now()")
    assert (drain(), states(), effects()[0].spent) == (0, ["planned"], None)
    change("due_at = now()")
    assert (drain(), states(), len(phone.got(fans[0]))) == (1, ["done"], 1)


def test_what_kills_every_sender_before_its_call_is_given_up(drain, phone, fans, planned, change, effects, kill_at):
    phone.write(fans[0])
    planned(fans[0])
    kill_at(Point.OUTBOX_CLAIMED)
    with pytest.raises(Killed):
        drain()
    change(f"lease_until = now(), tries = {MOST_TRIES}")
    drain()
    assert (effects()[0].state, effects()[0].reason) == ("refused", "fault")
    assert phone.got(fans[0]) == []


def test_who_waits_too_long_for_a_token_leaves_the_message_to_the_next(
    sender, drain, phone, fans, planned, change, states, tenant, credentials
):
    phone.write(fans[0])
    planned(fans[0])
    client_of = sender.caller.client_of

    def slowly(account_id):
        change("lease_until = now()")
        assert (drain(), states()) == (0, ["planned"])
        change("due_at = now()")
        assert (drain(), states()) == (1, ["done"])
        return client_of(account_id)

    slow = replace(sender, caller=replace(sender.caller, client_of=slowly))
    slow.drain(tenant, credentials.account_id)
    assert (states(), len(phone.got(fans[0]))) == (["done"], 1)


def test_killed_after_the_outcome_nothing_is_doubled(drain, phone, fans, planned, states, kill_at):
    phone.write(fans[0])
    planned(fans[0])
    kill_at(Point.OUTBOX_AFTER_OUTCOME)
    with pytest.raises(Killed):
        drain()
    assert (drain(), states()) == (0, ["done"])
    assert len(phone.got(fans[0])) == 1


@pytest.mark.parametrize("point", [Point.OUTBOX_BEFORE_CALL, Point.OUTBOX_AFTER_CALL, Point.OUTBOX_BEFORE_OUTCOME])
def test_killed_a_template_goes_out_again_with_the_same_key(
    drain, notice, planned, change, states, effects, kill_at, calls, point
):
    planned(notice.openid, notice)
    kill_at(point)
    with pytest.raises(Killed):
        drain()
    change("lease_until = now()")
    assert (drain(), states()) == (0, ["planned"])
    change("due_at = now()")
    assert (drain(), states()) == (1, ["done"])
    assert {body["client_msg_id"] for _, body in calls} == {effects()[0].key}
    assert effects()[0].wechat_id


def test_a_template_whose_key_wechat_has_forgotten_is_unknown(drain, notice, planned, change, states, kill_at, calls):
    planned(notice.openid, notice)
    kill_at(Point.OUTBOX_AFTER_CALL)
    with pytest.raises(Killed):
        drain()
    change("lease_until = now(), claimed_at = now() - interval '10 minutes'")
    assert (drain(), states()) == (0, ["unknown"])
    assert len(calls) == 1


def test_a_late_sender_still_says_what_it_heard(drain, phone, fans, planned, change, states, sender, monkeypatch):
    phone.write(fans[0])
    planned(fans[0])
    call = calling._call

    def slow(*values):
        step = call(*values)
        change("lease_until = now()")
        assert (drain(), states()) == (0, ["unknown"])
        return step

    monkeypatch.setattr(calling, "_call", slow)
    drain()
    assert states() == ["done"]


def test_whom_another_has_followed_says_nothing_more(drain, notice, planned, change, states, effects, monkeypatch):
    planned(notice.openid, notice)
    call = calling._call

    def slow(*values):
        call(*values)
        change("fence = fence + 1, lease_until = now() + interval '1 hour'")
        return Step(state=State.REFUSED)

    monkeypatch.setattr(calling, "_call", slow)
    drain()
    assert (states(), effects()[0].finished_at) == (["sending"], None)


def test_who_lost_the_effect_does_not_call(drain, phone, fans, planned, change, states, sender, tenant, monkeypatch):
    phone.write(fans[0])
    planned(fans[0])
    claimed = sending.claims.claim

    def lose(*values, **named):
        row = claimed(*values, **named)
        sending.db.session.commit()
        change("state = 'unknown'")
        return row

    monkeypatch.setattr(sending.claims, "claim", lose)
    drain()
    assert states() == ["unknown"]
    assert phone.got(fans[0]) == []


@pytest.fixture
def away(monkeypatch):
    """Has outcomes not be written until told otherwise."""

    def begin(error):
        record, faults = sending.claims.record, [error]

        def fail(*values):
            if faults:
                raise faults[0]
            return record(*values)

        monkeypatch.setattr(sending.claims, "record", fail)
        return faults.clear

    return begin


@pytest.mark.parametrize(
    "error",
    [OperationalError("", {}, AdminShutdown()), InterfaceError("", {}, Closed("closed")), PoolTimeout("none to spare")],
)
def test_an_outcome_is_kept_in_mind_while_postgresql_is_away(drain, phone, fans, planned, states, sender, away, error):
    phone.write(fans[0])
    planned(fans[0])
    back = away(error)
    assert (drain(), states(), len(sender.kept)) == (1, ["sending"], 1)
    assert (drain(), states(), len(sender.kept)) == (0, ["sending"], 1)
    back()
    assert (drain(), states(), len(sender.kept)) == (0, ["done"], 0)
    assert len(phone.got(fans[0])) == 1


def test_as_long_as_the_process_lives(drain, phone, fans, planned, change, states, sender, away):
    """Another has taken it for a dead sender's meanwhile: what was heard is still true."""
    phone.write(fans[0])
    planned(fans[0])
    back = away(OperationalError("", {}, AdminShutdown()))
    drain()
    change("state = 'unknown', lease_until = NULL, finished_at = now()")
    assert not sender.settle_kept()
    back()
    assert sender.settle_kept()
    assert states() == ["done"]


def test_but_not_what_another_has_followed(drain, notice, planned, change, effects, sender, away):
    planned(notice.openid, notice)
    back = away(OperationalError("", {}, AdminShutdown()))
    drain()
    change("fence = fence + 1, lease_until = now() + interval '1 hour'")
    back()
    assert sender.settle_kept()
    assert (effects()[0].state, effects()[0].finished_at) == ("sending", None)


def test_nor_what_the_database_will_never_take(drain, phone, fans, planned, states, sender, away):
    phone.write(fans[0])
    planned(fans[0])
    away(RuntimeError())
    with pytest.raises(RuntimeError):
        drain()
    assert (states(), len(sender.kept)) == (["sending"], 0)


@pytest.mark.parametrize("error", [PoolTimeout("none to spare"), OperationalError("", {}, AdminShutdown())])
def test_a_database_without_a_connection_to_spare_refuses_no_message(
    sender, phone, fans, planned, effects, tenant, credentials, error
):
    phone.write(fans[0])
    planned(fans[0])

    def fail(_):
        raise error

    replace(sender, caller=replace(sender.caller, client_of=fail)).drain(tenant, credentials.account_id)
    (row,) = effects()
    assert (row.state, row.unclear_since, row.spent) == ("planned", None, None)


@pytest.mark.parametrize(("tries", "state"), [(1, "planned"), (MOST_TRIES - 1, "refused")])
def test_a_statement_that_is_wrong_each_time_is_given_up(
    drain, phone, fans, planned, change, effects, monkeypatch, tries, state
):
    phone.write(fans[0])
    planned(fans[0])
    change(f"tries = {tries}")

    def fail(*_, **__):
        raise ProgrammingError("", {}, UndefinedTable())

    monkeypatch.setattr(calling.claims, "hold", fail)
    drain()
    (row,) = effects()
    assert (row.state, row.reason) == (state, {"planned": "answer", "refused": "fault"}[state])


@pytest.mark.parametrize("place", ["hold", "tokens"])
def test_a_database_that_fails_before_the_call_is_no_call(
    drain, phone, fans, planned, change, effects, client_out, monkeypatch, place
):
    phone.write(fans[0])
    planned(fans[0])

    def fail(*_, **__):
        raise OperationalError("", {}, AdminShutdown())

    with monkeypatch.context() as patch:
        patch.setattr(*{"hold": (calling.claims, "hold"), "tokens": (client_out, "send")}[place], fail)
        drain()
    (row,) = effects()
    assert (row.state, row.unclear_since, row.spent) == ("planned", None, None)
    change("due_at = now()")
    drain()
    assert len(phone.got(fans[0])) == 1
