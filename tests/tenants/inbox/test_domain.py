"""Which hand-overs a batch asks for."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from tenants.inbox.domain import Reason, first_of_each, hand_overs
from tests.factories.fans import START, row, text
from tests.factories.inbox import hand_over

ACCOUNT = uuid4()


def test_a_fan_asks_once_and_a_complaint_stays_one() -> None:
    later = START + timedelta(hours=1)
    rows = [
        hand_over(ACCOUNT, "o1"),
        row(ACCOUNT, text("o1")),
        hand_over(ACCOUNT, "o1", at=later, complaint=True),
        hand_over(ACCOUNT, "o2", at=later),
    ]
    asked = hand_overs(rows)
    assert [one.openid for one in asked] == ["o1", "o1", "o2"]
    kept = first_of_each(asked)
    assert (kept[ACCOUNT, "o1"].at, kept[ACCOUNT, "o1"].reason) == (START, Reason.COMPLAINT)
    assert kept[ACCOUNT, "o2"].reason is Reason.HAND_OVER
