"""A sender whose clock is wrong sends nothing twice, nothing too early, and gives up nothing of another's."""

from __future__ import annotations

import pytest

from tests.factories.clocks import WRONG, wrong_by

pytestmark = pytest.mark.parametrize("wrong", WRONG, ids=str)


def test_what_another_sends_is_left_to_it_and_what_is_not_due_waits(drain, phone, fans, planned, change, states, wrong):
    for openid in fans[:2]:
        phone.write(openid)
    planned(fans[0])
    change(
        "state = 'sending', fence = 1, claimed_at = now(), called_at = now(), lease_until = now() + interval '30 seconds'"
    )
    planned(fans[1])
    change("due_at = now() + interval '30 seconds'")
    with wrong_by(wrong):
        assert (drain(), states()) == (0, ["sending", "planned"])
        change("lease_until = CASE state WHEN 'sending' THEN now() END, due_at = now()")
        assert (drain(), states()) == (1, ["unknown", "done"])
    assert [len(phone.got(openid)) for openid in fans[:2]] == [0, 1]


@pytest.mark.parametrize(("minutes", "state"), [(1, "planned"), (30, "unknown")])
def test_how_long_wechat_knows_a_repeat_is_counted_by_the_database(
    drain, fans, notice, planned, change, states, simulator, fault, client_out, wrong, minutes, state
):
    planned(fans[0], notice)
    change(f"unclear_since = now() - interval '{minutes} minutes'")
    fault(errcodes={"/cgi-bin/message/template/send": -1})
    with wrong_by(wrong):
        drain()
    assert states() == [state]
