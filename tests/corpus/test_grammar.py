"""What no table thought of: callbacks by grammar, 500 a run (CORPUS_EXAMPLES=20000 for a long night)."""

from __future__ import annotations

import os
from collections import Counter
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings

from tests.corpus.cases import accounts
from tests.corpus.conftest import GRAMMAR
from tests.corpus.consuming import consumed
from tests.corpus.grammar import Push, case_of, pushes
from tests.corpus.judging import MOST_SECONDS

EXAMPLES = int(os.environ.get("CORPUS_EXAMPLES", "500"))
REFUSED = {400, 403, 413}
known = accounts(GRAMMAR)
numbers = count(1)


# The pool's threads draw random pauses while Hypothesis watches the generator that they share.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
def test_whatever_comes_is_refused_or_kept_once_and_consumed(ask, ledger, capfd):
    outcomes: Counter[tuple[int, int, int]] = Counter()
    seen_bodies = set()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(pushes())
    def post(push: Push) -> None:
        case = case_of(push, known, next(numbers))
        journal, quarantine = ledger.rows()
        seen = ask(case)
        rows = (ledger.rows()[0] - journal, ledger.rows()[1] - quarantine)
        outcomes[seen.status, *rows] += 1
        assert seen.seconds < MOST_SECONDS
        if seen.status in REFUSED:
            assert (seen.body, rows) == (b"", (0, 0))
            return
        assert seen.status == 200
        # A body without a fan in it is the same again when its document is.
        is_again = (push.letter, push.document) in seen_bodies and rows == (0, 0)
        assert is_again or rows in {(1, 0), (0, 1)}
        assert seen.body == b"success" or (rows == (1, 0) and seen.body.startswith(b"<xml>"))
        seen_bodies.add((push.letter, push.document))

    post()
    assert consumed(ledger)
    # Worth its time only as long as all ways are gone.
    assert {(200, 1, 0), (200, 0, 1), (400, 0, 0), (403, 0, 0)} <= set(outcomes)
    assert "Traceback" not in "".join(capfd.readouterr())
