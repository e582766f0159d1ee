"""A day of a brand: reproducible, and played through the real callbacks."""

from __future__ import annotations

from collections import Counter

import click
import pytest
from click.testing import CliRunner

from saas.simulator.day import play_day, simulator_cli
from saas.simulator.scripts import Stage, write_day
from tests.saas.simulator.conftest import Box
from tests.saas.simulator.echo import Echo, serving

STAGES = (
    Stage("wx1", ("shop-1",), ({"type": "click", "name": "优惠", "key": "k"},)),
    Stage("wx2"),
)


def test_the_same_seed_writes_the_same_day() -> None:
    assert write_day(STAGES, 300, 7) == write_day(STAGES, 300, 7)
    assert write_day(STAGES, 300, 7) != write_day(STAGES, 300, 8)


def test_a_day_has_everything_in_order() -> None:
    visits = write_day(STAGES, 3000, 1)
    kinds = Counter(str(act["type"]) for visit in visits for act in visit.acts)
    assert sum(kinds.values()) == 3000
    assert set(kinds) == {
        "subscribe", "unsubscribe", "scan", "text", "menu", "image", "location", "voice", "sticker", "link",
    }  # fmt: skip
    assert kinds["text"] > 1500
    assert all(visit.acts[0]["type"] == "subscribe" for visit in visits)
    assert all(act["type"] != "unsubscribe" for visit in visits for act in visit.acts[:-1])
    assert {visit.app_id for visit in visits} == {"wx1", "wx2"}


def test_playing_goes_through_the_callbacks(answered: Box, echo: Echo) -> None:
    answered.post("/cgi-bin/menu/create", {"button": [{"type": "click", "name": "优惠", "key": "k"}]})
    scene = {"scene": {"scene_str": "shop-1"}}
    answered.post("/cgi-bin/qrcode/create", {"action_name": "QR_LIMIT_STR_SCENE", "action_info": scene})
    with serving(answered.app) as url:
        done = play_day(url, accounts=3, messages=60, seed=2)
    assert (done.sent, done.answered, done.failed) == (60, 60, 0)
    assert len(echo.seen) == 60
    assert 0 < done.median_ms <= done.p99_ms
    assert {message._data.get("Event") for message in echo.seen} >= {"subscribe_scan", "subscribe", "CLICK"}


def test_the_command_prints_how_it_went(answered: Box) -> None:
    with serving(answered.app) as url:
        ran = CliRunner().invoke(simulator_cli, ["play", "--accounts", "1", "--messages", "8", "--url", url])
    assert ran.exit_code == 0
    assert "sent 8 · answered 8" in ran.output
    assert "p99" in ran.output


def test_no_simulator_is_one_clear_sentence() -> None:
    with pytest.raises(click.ClickException, match="No simulator answers"):
        play_day("http://127.0.0.1:9", accounts=1, messages=1, seed=1)
