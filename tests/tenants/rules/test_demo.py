"""The demo's rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask

from saas.capability import Demo
from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat.replies import MusicReply
from tenants.accounts.demo import demo as plant
from tenants.accounts.services import list_accounts
from tenants.rules import demo, services
from tenants.rules.domain.stimulus import Stimulus
from tenants.rules.domain.triggers import TriggerType
from tests.factories.people import make_tenant

WANTED = Demo(seed=1, until=datetime(2026, 3, 10, 4, tzinfo=UTC))


def rules_of(name: str) -> dict[str, str]:
    """Account by account, what a follower reads first."""
    with enter(system_scope(make_tenant(name=name))):
        plant(WANTED)
        demo.fill(WANTED)
        demo.fill(WANTED)
        db.session.commit()
        return {account.name: _welcome(account.id) for account in list_accounts()}


def _welcome(account_id: object) -> str:
    entries = services.load_rules(account_id).compiled.entries
    return next((e.rule.replies[0].options["content"] for e in entries if e.trigger.type == TriggerType.SUBSCRIBE), "")


def test_every_connected_account_of_the_coffee_brand_welcomes_in_its_own_words(app: Flask) -> None:
    welcomes = [welcome for welcome in rules_of("云岫咖啡").values() if welcome]
    assert len(welcomes) == 14
    assert len(set(welcomes)) == 14


def test_other_brands_have_rules_too(app: Flask) -> None:
    assert "面包" in rules_of("小满烘焙")["小满烘焙"]


def test_a_face_gets_a_song(app: Flask) -> None:
    # Another seed: the AppIDs of a seed are unique over the deployment.
    wanted = replace(WANTED, seed=2)
    with enter(system_scope(make_tenant())):
        plant(wanted)
        demo.fill(wanted)
        db.session.commit()
        central = next(account for account in list_accounts() if account.kind == "central")
        for said, song in (("/::)", "窗边第一束光"), ("[心碎]", "雨停之前"), ("🐼", "山雾")):
            reply = services.try_message(central.id, Stimulus(text=said), WANTED.until).outcome.reply
            assert isinstance(reply, MusicReply)
            assert reply.title == song
