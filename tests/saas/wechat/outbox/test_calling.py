"""The lease outlasts the call: it is proven when nothing is left to wait for, and before each time that a call leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat.http import CALL_SECONDS
from saas.wechat.outbox import calling
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.tokens import Issued

LEASE = 5.0
SENDS = "/cgi-bin/message/custom/send"


@pytest.fixture
def story(app, tenant, http, sender, monkeypatch):
    """What was asked of WeChat and when the lease was proven, in order; each call with the seconds its lease then has."""
    told = []
    send, hold = http.send, calling.claims.hold

    def seconds():
        with app.app_context(), enter(system_scope(tenant)):
            lasts = db.extract("epoch", OutboxRow.lease_until - db.func.clock_timestamp())
            return float(db.session.scalars(db.select(lasts)).one())

    def watched(request, **options):
        told.append((request.path_url.partition("?")[0], seconds()))
        return send(request, **options)

    monkeypatch.setattr(http, "send", watched)
    monkeypatch.setattr(calling.claims, "hold", lambda *v, **n: (told.append(("hold", 0)), hold(*v, **n))[1])
    return told


@pytest.fixture
def drain(sender, tenant, credentials):
    """Sends what is due, with the lease of a real sender."""
    hurried = replace(sender, lease_seconds=LEASE, caller=replace(sender.caller, lease_seconds=LEASE))
    return lambda: hurried.drain(tenant, credentials.account_id)


def test_the_token_is_there_before_the_lease_is_proven(drain, phone, fans, planned, states, story):
    phone.write(fans[0])
    planned(fans[0])
    drain()
    assert [name for name, _ in story] == ["/cgi-bin/stable_token", "hold", SENDS]
    assert story[-1][1] > CALL_SECONDS
    assert states() == ["done"]


def test_after_a_refused_token_it_is_proven_anew(drain, phone, fans, planned, states, story, tokens, client_out):
    phone.write(fans[0])
    planned(fans[0])
    tokens.fetch_now(lambda **_: Issued("0" * 40, 7200))
    drain()
    assert [name for name, _ in story] == ["hold", SENDS, "hold", "/cgi-bin/stable_token", "hold", SENDS]
    assert min(seconds for name, seconds in story if name == SENDS) > CALL_SECONDS
    assert states() == ["done"]


def test_who_lost_the_effect_over_a_refused_token_calls_no_more(
    drain, phone, fans, planned, change, states, story, tokens
):
    phone.write(fans[0])
    planned(fans[0])
    tokens.fetch_now(lambda **_: Issued("0" * 40, 7200))
    fetch = tokens.__class__.after_refusal
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            tokens.__class__, "after_refusal", lambda *values: (change("state = 'unknown'"), fetch(*values))[1]
        )
        drain()
    assert [name for name, _ in story].count(SENDS) == 1
    assert (states(), phone.got(fans[0])) == (["unknown"], [])


def test_a_proof_that_took_too_long_is_none(drain, phone, fans, planned, change, effects, story, monkeypatch):
    phone.write(fans[0])
    planned(fans[0])
    with monkeypatch.context() as patch:
        patch.setattr(calling, "time", Clock([0.0, LEASE + 0.1]), raising=False)
        drain()
    (row,) = effects()
    assert (row.state, row.unclear_since, row.spent) == ("planned", None, None)
    assert SENDS not in [name for name, _ in story]
    change("due_at = now()")
    drain()
    assert len(phone.got(fans[0])) == 1


class Clock:
    """A clock that shows moments in turn."""

    def __init__(self, moments):
        self._moments = iter(moments)

    def monotonic(self):
        return next(self._moments)
