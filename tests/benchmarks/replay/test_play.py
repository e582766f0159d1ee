"""A short play before the real callback process: every push is answered, kept once, and consumed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from benchmarks.replay.lines import Lines
from benchmarks.replay.player import TRIES, Player
from benchmarks.replay.run import Run, Wish
from benchmarks.replay.stage import Stage
from benchmarks.replay.story import Pace, Story
from benchmarks.wire import Account
from saas.config import Config
from saas.db import db
from saas.tenancy.scope import TenantScope
from saas.wechat.consume import run_once
from tenants.accounts.services import Kind
from tenants.fans.models import Fan, Message
from tests.factories import loops
from tests.factories.accounts import AES_KEY, make_account, make_connected
from tests.factories.processes import answering
from tests.factories.rules import make_rule

SECONDS, TOTAL = 2.0, 300


@pytest.fixture(scope="module")
def port(config: Config, migrated: object) -> Iterator[int]:
    with answering(config) as url:
        yield int(urlsplit(url).port or 0)


def connected(node_id: UUID, mode: str) -> Account:
    made = make_connected(node_id, mode=mode, token="quiz")
    make_rule(node_id, triggers=[{"type": "keyword", "match": "contains", "value": "答案"}])
    return Account(str(made.app_id), str(made.original_id), "quiz", AES_KEY, mode)


def both_modes() -> list[Account]:
    central = make_account(Kind.CENTRAL).id
    return [connected(central, "safe"), connected(make_account(Kind.STORE, parent_id=central).id, "plain")]


def player_of(accounts: list[Account], port: int) -> Player:
    pace = Pace(TOTAL, SECONDS)
    story = Story(pace, accounts, seed=int(time.time()), first_id=int(time.time() * 1000) * 10_000)
    return Player(pace, story, accounts, Lines("127.0.0.1", port))


async def played(player: Player) -> None:
    await player.play(pause=0.2)
    await player.lines.close()


def test_every_push_is_answered_and_kept_once(app: Flask, scope: TenantScope, port: int) -> None:
    player = player_of(both_modes(), port)
    loops.run(played(player))
    while run_once():
        pass
    account = player.tally.account()
    assert (account["sent"], account["answered"], account["lost"], account["under_way"]) == (TOTAL, TOTAL, 0, 0)
    assert account["doubles"] > 0
    kept = db.session.scalar(select(func.count()).select_from(Message).where(Message.direction == "in"))
    assert kept == TOTAL - account["doubles"]
    assert db.session.scalar(select(func.count()).select_from(Fan)) > 50


def test_what_is_refused_is_sent_three_times_and_then_lost(app: Flask, scope: TenantScope, port: int) -> None:
    stranger = Account("wxnobody", "gh_nobody", "quiz", AES_KEY)
    player = player_of([stranger], port)
    loops.run(played(player))
    account = player.tally.account()
    assert (account["answered"], account["lost"], account["again"]) == (0, TOTAL, TOTAL * (TRIES - 1))
    assert sum(account["refused"].values()) == TOTAL * TRIES
    assert account["refused"]["404"] > 0


def test_the_page_tells_what_is_going_on(app: Flask, scope: TenantScope, port: int) -> None:
    stage = Stage("127.0.0.1", port, f"http://127.0.0.1:{port}", tuple(both_modes()))
    run = Run(stage, Wish(rate=200, total=100, seed=1, port=0))
    loops.run(run.play())
    state = run.state()
    assert (state["sent"], state["answered"], state["not_ok"], state["total"]) == (100, 100, 0, 100)
    assert state["question"] == [1, 1]
