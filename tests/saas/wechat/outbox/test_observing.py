"""Who hears of an outcome: in its transaction, and without being able to spoil it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from saas.db import db


@pytest.fixture
def heard():
    """The outcomes that were told, in order."""
    return []


@pytest.fixture
def drain(sender, tenant, credentials, heard):
    """Sends what is due, and tells of it."""

    def observe(row):
        heard.append((row.state, row.reason))
        return ("somewhere",)

    return lambda *observers: replace(sender, observers=[*observers, observe]).drain(tenant, credentials.account_id)


def test_an_outcome_is_told_once(drain, phone, fans, planned, heard):
    phone.write(fans[0])
    planned(fans[0])
    drain()
    drain()
    assert heard == [("done", "")]


def test_a_refusal_is_told(drain, phone, fans, planned, change, heard):
    phone.write(fans[0])
    planned(fans[0])
    change("created_at = now() - interval '3 days'")
    drain()
    assert heard == [("refused", "late")]


def test_an_observer_that_fails_spoils_nothing(drain, phone, fans, planned, effects, heard):
    def fails(_row):
        db.session.execute(text("UPDATE outbox SET origin = 'spoilt'"))
        raise ValueError

    phone.write(fans[0])
    planned(fans[0], origin="inbox")
    drain(fails)
    assert [(row.state, row.origin) for row in effects()] == [("done", "inbox")]
    assert heard == [("done", "")]


def test_a_killed_sender_is_told_as_unknown(drain, phone, fans, planned, change, heard):
    phone.write(fans[0])
    planned(fans[0])
    change(
        "state = 'sending', fence = 1, claimed_at = now(), called_at = now(), lease_until = now() - interval '1 second'"
    )
    drain()
    assert heard == [("unknown", "died")]
