"""`python -m tests.faults.agent FILE SEED`: somebody who answers fans all day, as a page does: plan, commit, the next.

A process of the product like any other, and killed like any other. FILE tells the brands: see `tell`.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from saas.app import create_app
from saas.config import Config
from saas.db import db
from saas.jobs.plan import plan_job
from saas.tenancy.directory import find_tenant
from saas.tenancy.scope import enter, enter_directory, system_scope
from saas.wechat.outbox.effects import CustomMessage, Effect, TemplateMessage
from saas.wechat.outbox.errors import NothingLeft
from saas.wechat.outbox.planning import plan
from saas.wechat.replies import TextReply
from tenants.registry import CAPABILITIES
from tests.faults.brands import Brand

PAUSE_SECONDS = 0.4
JOB = "library.renew"
TEMPLATE = {"time2": "2026年3月5日 15:00", "thing3": "请提前十分钟到店"}


def tell(path: Path, brands: Sequence[Brand]) -> None:
    """Writes what the process must know: tenants, accounts, fans and templates."""
    told = [
        {
            "tenant_id": str(brand.tenant.id),
            "mark": brand.mark,
            "account_id": str(account.account_id),
            "openids": account.openids,
            "template_id": account.template_id,
        }
        for brand in brands
        for account in brand.accounts
    ]
    path.write_text(json.dumps(told))


def main(path: str, seed: str) -> None:
    """Until it is killed."""
    app = create_app(Config.from_env(), CAPABILITIES)
    dice, accounts = random.Random(seed), json.loads(Path(path).read_text())
    while True:
        time.sleep(dice.uniform(0, 2 * PAUSE_SECONDS))
        with suppress(SQLAlchemyError):  # away for the moment
            act(app, dice, dice.choice(accounts))


def act(app: Flask, dice: random.Random, account: dict[str, Any]) -> None:
    """One message, and sometimes a job."""
    with app.app_context():
        with enter_directory():
            tenant = find_tenant(UUID(account["tenant_id"]))
        with enter(system_scope(tenant)):
            with suppress(NothingLeft):
                plan(UUID(account["account_id"]), effect(dice, account))
            if dice.random() < 0.2:
                plan_job(JOB)
            db.session.commit()


def effect(dice: random.Random, account: dict[str, Any]) -> Effect:
    """A text, which WeChat can't tell from its repeat, or a template, which it can."""
    openid, words = dice.choice(account["openids"]), f"{account['mark']}答 {token_hex(8)}"
    if account["template_id"] and dice.random() < 0.5:
        return TemplateMessage(openid=openid, template_id=account["template_id"], data={**TEMPLATE, "thing1": words})
    return CustomMessage(openid=openid, message=TextReply(words))


if __name__ == "__main__":
    main(*sys.argv[1:])
