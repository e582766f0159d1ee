"""The ground of our own server: the whole product on PostgreSQL and Redis, a brand with rules and fans."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import text

from benchmarks.frame import Ground
from benchmarks.gateway import account, crowd
from saas.db import db
from saas.stack.plan import environment
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat import versions
from tenants.accounts.domain import Kind
from tenants.rules.models import Rule
from tests.factories.accounts import make_account, make_connected
from tests.factories.people import make_tenant

_FANS = text("""
    INSERT INTO fans (tenant_id, id, account_id, openid, subscribed_at, source, node_id, remark, alias, counted, version)
    SELECT app_tenant(), gen_random_uuid(), :account, 'oBench' || lpad(number::text, 22, '0'), now() - interval '90 days',
        'other', :account, '', gen_random_uuid(), true, 1
    FROM generate_series(0, :count - 1) AS number
""")


@dataclass(frozen=True)
class Brand:
    """A tenant with the account that the messages are for."""

    tenant: TenantRecord
    account_id: UUID


def make_brand(*, rules: int = crowd.RULES, fans: int = crowd.FANS) -> Brand:
    """A brand of one account with two thousand rules and a hundred thousand fans. Needs the application's context."""
    tenant = make_tenant(name="大活动")
    with enter(system_scope(tenant)):
        node = make_account(Kind.CENTRAL, name="大活动").id
        make_connected(
            node,
            app_id=account.APP_ID,
            original_id=account.ORIGINAL_ID,
            token=account.TOKEN,
            encoding_aes_key=account.AES_KEY,
            mode="plain",
        )
        db.session.add_all(Rule(account_id=node, **rule) for rule in crowd.rules(rules))
        versions.bump([node])
        db.session.execute(_FANS, {"account": node, "count": fans})
        db.session.commit()
    return Brand(tenant, node)


def set_mode(brand: Brand, mode: str) -> None:
    """Switches the account's mode, as its page does."""
    with enter(system_scope(brand.tenant)):
        make_connected(
            brand.account_id,
            app_id=account.APP_ID,
            original_id=account.ORIGINAL_ID,
            token=account.TOKEN,
            mode=mode,
        )


def process_environment(ground: Ground) -> dict[str, str]:
    """What the product's processes read, with their counters on disk as under `make run`."""
    counters = ground.stack.folder / "metrics"
    counters.mkdir(exist_ok=True)
    return dict(environment(replace(ground.config, metrics_dir=str(counters))))


@contextmanager
def administrator(ground: Ground) -> Iterator[psycopg.Connection]:
    """A connection that sees every tenant's rows."""
    with psycopg.connect(make_conninfo(ground.stack.admin_url, dbname=ground.database), autocommit=True) as connection:
        yield connection
