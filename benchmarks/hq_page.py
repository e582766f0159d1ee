"""The HQ page of a brand with 500 accounts, beside the same figures by plain GROUP BY over the facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
from flask import Flask
from sqlalchemy import text

from benchmarks.frame import Benchmark, Line, Result, application, median, milliseconds, p95
from saas import clock
from saas.auth.roles import Role
from saas.db import db
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.accounts.domain import Kind
from tenants.kpi.domain.periods import add_months, month_of
from tenants.kpi.services.recount import rebuild_from_facts
from tests.factories.figures import connect_node, make_node
from tests.factories.people import browser_of, make_member, make_tenant
from tests.factories.queries import count_queries

REGIONS, STORES = 20, 479
MONTHS = 13
LIMIT_MS = 150.0

_FACTS = text("""
    INSERT INTO facts (tenant_id, source_key, node_id, account_id, kind, amount, alias, day, occurred_at, received_at)
    SELECT app_tenant(), gen_random_uuid()::text, a.id, a.id, kind.name, 1,
        ('00000000-0000-4000-8000-' || lpad((random() * 400)::integer::text, 12, '0'))::uuid, day::date, day, day
    FROM accounts AS a, generate_series(CAST(:first AS timestamptz), CAST(:last AS timestamptz), '1 day') AS day,
        unnest(ARRAY['interaction', 'reply_robot', 'follow']) AS kind (name)
    WHERE a.tenant_id = app_tenant()
""")
_PEER = text("""
    SELECT node_id,
        sum(amount) FILTER (WHERE kind = 'follow' AND day >= :month) AS followers_new,
        sum(amount) FILTER (WHERE kind = 'interaction' AND day >= :month) AS interactions,
        sum(amount) FILTER (WHERE kind = 'reply_robot' AND day >= :month) AS replies,
        count(DISTINCT alias) FILTER (WHERE kind = 'interaction' AND day >= :month) AS fans,
        sum(amount) FILTER (WHERE kind = 'interaction' AND day < :month AND day >= :before) AS interactions_before,
        sum(amount) FILTER (WHERE kind IN ('follow', 'adjusted')) - sum(amount) FILTER (WHERE kind = 'unfollow') AS total
    FROM facts WHERE tenant_id = app_tenant() GROUP BY node_id
""")


def run() -> Result:
    """Median and p95 of warm requests in milliseconds, the number of queries, and the peer's median."""
    with application() as app:
        tenant = make_tenant(name="五百店")
        month = add_months(month_of(clock.today(tenant.time_zone)), -1)
        with enter(system_scope(tenant)):
            hq = grow(month)
        analyze(app)
        browser = browser_of(app, make_member(Role.BRAND_HQ, tenant=tenant))
        address = f"/t/{tenant.id}/a/{hq}/figures?month={month:%Y-%m}"
        taken = milliseconds(lambda: fetch(browser, address), times=60)
        peer = milliseconds(lambda: ask_peer(tenant, month), times=5, warm=1)
        with count_queries() as queries:
            size = fetch(browser, address)
        return {
            "median_ms": round(median(taken), 1),
            "p95_ms": round(p95(taken), 1),
            "peer_median_ms": round(median(peer), 1),
            "queries": len(queries),
            "accounts": 1 + REGIONS + STORES,
            "kilobytes": round(size / 1024),
        }


def lines(result: Result) -> Iterator[Line]:
    """The page's time beside that of its figures alone, counted from the facts."""
    peer, mark = result["peer_median_ms"], f"<= {LIMIT_MS:.0f} ms"
    yield Line("hq_page", "server time, median (ms)", result["median_ms"], peer, mark, result["median_ms"] <= LIMIT_MS)
    yield Line("hq_page", "server time, p95 (ms)", result["p95_ms"], None, mark, result["p95_ms"] <= LIMIT_MS)
    yield Line("hq_page", "queries", result["queries"])


def grow(month: date) -> object:
    """A brand of 500 connected accounts with a year of facts and their sums."""
    hq = make_node("五百店", Kind.CENTRAL, app_id="yes")
    regions = [make_node(f"区域 {n:02}", Kind.REGION, hq, app_id="yes") for n in range(REGIONS)]
    for n in range(STORES):
        connect_node(make_node(f"门店 {n:03}", Kind.STORE, regions[n % REGIONS]))
    db.session.execute(
        _FACTS, {"first": add_months(month, 1 - MONTHS), "last": add_months(month, 1) - timedelta(days=1)}
    )
    rebuild_from_facts()
    db.session.commit()
    return hq


def fetch(browser, address: str) -> int:  # type: ignore[no-untyped-def]
    """The page's size in bytes; anything but a page is an error."""
    response = browser.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return len(response.data)


def ask_peer(tenant: TenantRecord, month: date) -> None:
    """The figures of the same table, counted from the facts each time."""
    with enter(system_scope(tenant)):
        db.session.execute(_PEER, {"month": month, "before": add_months(month, -1)}).all()


def analyze(app: Flask) -> None:
    """Statistics, as autovacuum would have made them by now."""
    with psycopg.connect(app.config["OWNER_URL"], autocommit=True) as owner:
        owner.execute("ANALYZE")


BENCHMARK = Benchmark("hq_page", run, lines)
