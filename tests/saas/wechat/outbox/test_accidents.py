"""WeChat slow, silent, cut off or broken, with the time-outs of every day: nothing is sent twice, nothing forgotten."""

from __future__ import annotations

import pytest
import requests

from saas.wechat.http import READ_SECONDS

LONGER_THAN_A_TEST = 120.0
# kind, its order, what becomes of a message to a fan, how many of it WeChat carried out
ACCIDENTS = [
    ("slow", {"seconds": READ_SECONDS / 2}, "done", 1),
    ("timeout", {"seconds": LONGER_THAN_A_TEST}, "unknown", 1),
    ("reset", {}, "unknown", 1),
    ("reset", {"booked": False}, "unknown", 0),
    ("half", {}, "unknown", 1),
    ("html", {}, "unknown", 0),
]


@pytest.fixture
def accident(simulator, credentials):
    """Orders one for the account's next call of a path."""

    def order(path, kind, values):
        wanted = {"app_id": credentials.app_id, "path": path, "kind": kind, **values}
        assert requests.post(f"{simulator}/_sim/faults", json=wanted, timeout=5).status_code == 200

    return order


@pytest.fixture
def arrived(simulator, credentials):
    """How many messages WeChat has carried out for the account."""

    def count():
        ledger = requests.get(f"{simulator}/_sim/ledger", params={"app_id": credentials.app_id}, timeout=5).json()
        return len(ledger["deliveries"])

    return count


@pytest.mark.parametrize(("kind", "values", "state", "carried_out"), ACCIDENTS)
def test_a_message_is_sent_at_most_once_and_the_next_one_goes_on(
    drain, phone, fans, planned, states, accident, arrived, kind, values, state, carried_out
):
    phone.write(fans[0])
    planned(fans[0], "一")
    accident("message/custom/send", kind, values)
    assert (drain(), states()) == (1, [state])
    assert (drain(), arrived()) == (0, carried_out)
    planned(fans[0], "二")
    assert (drain(), states()) == (1, [state, "done"])
    assert phone.got(fans[0])[-1]["content"] == "二"


@pytest.mark.parametrize(("kind", "values"), [(kind, values) for kind, values, *_ in ACCIDENTS if kind != "slow"])
def test_a_template_is_sent_again_and_arrives_once(
    drain, fans, notice, planned, change, states, calls, accident, arrived, kind, values
):
    planned(fans[0], notice)
    accident("message/template/send", kind, values)
    assert (drain(), states()) == (1, ["planned"])
    change("due_at = now()")
    assert (drain(), states()) == (1, ["done"])
    [first, again] = [body for path, body in calls if path.endswith("template/send")]
    assert first == again
    assert arrived() == 1
