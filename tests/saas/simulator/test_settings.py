"""The knobs that may be turned while it runs."""

from __future__ import annotations

import pytest

from tests.saas.simulator.conftest import Box


def test_knobs_turn_at_once(box: Box) -> None:
    assert box.client.get("/_sim/settings").json["tries"] == 1
    changed = box.client.put("/_sim/settings", json={"tries": 2, "retry_after": 0.05}).json
    assert (changed["tries"], changed["retry_after"]) == (2, 0.05)
    assert box.act(box.fan(), type="text", content="a")["deliveries"] == 2


@pytest.mark.parametrize("wrong", [{"database": "x"}, {"tries": "many"}, {"tries": 1.5}])
def test_wrong_ones_are_refused(box: Box, wrong: dict[str, object]) -> None:
    assert box.client.put("/_sim/settings", json=wrong).status_code == 422
