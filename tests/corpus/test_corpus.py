"""Every case, posted to the callbacks' application in this process, and consumed by the whole product."""

from __future__ import annotations

import resource
import sys

import pytest

from saas.wechat import accounts as known_accounts
from tests.corpus.cases import Outcome, accounts, address, pushed, text
from tests.corpus.conftest import HERE
from tests.corpus.consuming import consumed
from tests.corpus.everything import ROOMS, corpus
from tests.corpus.judging import faults, left

MOST_MEMORY = 64 * 1024 * 1024
UNIT = 1 if sys.platform == "darwin" else 1024


def test_there_are_enough_cases_and_each_is_another():
    cases = corpus(accounts(HERE))
    assert len(cases) >= 400
    assert len({case.name for case in cases}) == len(cases)
    assert {case.outcome for case in cases} == set(Outcome)


def test_the_cases_are_fixed():
    assert corpus(accounts(HERE)) == corpus(accounts(HERE))


@pytest.mark.parametrize("room", list(ROOMS))
def test_each_case_is_answered_as_it_should_be_and_consumed(room, ask, ledger, capfd):
    found, put_aside = [], ledger.states().get("quarantined", 0)
    for case in ROOMS[room](accounts(HERE)):
        rows, memory = ledger.rows(), peak()
        found += faults(case, ask(case)) + left(case, rows, ledger.rows())
        if peak() - memory > MOST_MEMORY:
            found.append(f"{case.name}: took {(peak() - memory) // 2**20} MB")
    assert not found, "\n".join(found)
    assert consumed(ledger)
    assert ledger.states().get("quarantined", 0) == put_aside
    printed = "".join(capfd.readouterr())
    assert "Traceback" not in printed
    assert "callback_failed" not in printed


def test_a_refusal_asks_the_database_nothing(ask, ledger, monkeypatch):
    at_home = [address(keys) for keys in accounts(HERE).all]
    refused = [case for case in corpus(accounts(HERE)) if case.outcome.status >= 400 and case.path in at_home]
    refused = [case for case in refused if case.method != "GET"]  # whose address it is is always asked anew
    assert len(refused) > 200
    for keys in accounts(HERE).all:
        ask(pushed(keys, "the account is known from now on", text(), Outcome.STORED))
    # A wrong signature is looked at twice, as the keys may have been edited: fifty times a second, here never.
    monkeypatch.setattr(known_accounts, "READS_A_SECOND", 0)
    before = ledger.last_words()
    assert {ask(case).status for case in refused} == {400, 403, 405, 413}
    assert ledger.last_words() == before


def peak() -> int:
    """The most memory that this process ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT
