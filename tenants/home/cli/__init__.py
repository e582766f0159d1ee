"""`flask demo load`: three believable brands in an empty deployment."""

from __future__ import annotations

import secrets
from contextlib import suppress

import click
import psycopg
from flask import current_app
from flask.cli import AppGroup

from saas import clock
from saas.capability import Demo
from saas.config import Config
from saas.tenancy.scope import enter_directory
from tenants.accounts.demo import DEMO_BRANDS
from tenants.home.cli.brands import describe_brand, ensure_brand, fill_brand
from tenants.home.cli.people import People
from tenants.home.cli.record import write_record
from tenants.home.cli.simulated import Simulated

SEED = 20260301
MESSAGES = 110_000
SMALLER = 8
"""The brands after the first are smaller by this."""

group = AppGroup("demo", help="The demo brands.")


@group.command("load")
@click.option("--messages", default=MESSAGES, show_default=True, help="About how many messages the first brand gets.")
def load_command(messages: int) -> None:
    """Fills the deployment with the demo brands and writes demo.json; does nothing when that was done."""
    config: Config = current_app.config["SETTINGS"]
    path = config.data_dir / "demo.json"
    if path.exists():
        click.echo("The demo is loaded already.")
        return
    people = People(password=f"qiandian-{secrets.token_hex(3)}")
    with enter_directory():
        tenants = [ensure_brand(brand, people) for brand in DEMO_BRANDS]
        people.ensure_operator()
    for tenant in tenants:
        count = messages if tenant is tenants[0] else messages // SMALLER
        fill_brand(tenant, Demo(seed=SEED, until=clock.now(), messages=count), current_app.extensions["capabilities"])
        click.echo(f"{tenant.name}: loaded")
    brands = [describe_brand(tenant) for tenant in tenants]
    if config.simulator_url:
        Simulated(config).register(tenants)
    _analyze(config)
    write_record(path, config, people=people, brands=brands)


def _analyze(config: Config) -> None:
    # Without statistics the first pages after the load would be planned for empty tables.
    if config.database_owner_url:
        with suppress(psycopg.Error), psycopg.connect(config.database_owner_url, autocommit=True) as owner:
            owner.execute("ANALYZE")
