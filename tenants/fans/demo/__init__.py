"""The demo's fans: months of follows, questions and answers, with seasons, weekends, a campaign and silent stores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import text

from saas.capability import Demo
from saas.db import db
from saas.tenancy.scope import current_scope
from tenants.accounts import services as accounts
from tenants.accounts.services import Account, Kind
from tenants.fans.demo.people import Crowd, crowd
from tenants.fans.demo.rhythm import Rhythm
from tenants.fans.demo.talk import talk_of
from tenants.fans.demo.writing import write_crowd, write_notes
from tenants.fans.services import FanFilter, list_fans

DAYS_A_MONTH = 31
MESSAGES_PER_FAN = 11.0
SIZES = {Kind.CENTRAL: 7.0, Kind.REGION: 1.6, Kind.STORE: 1.0}


def fill(demo: Demo) -> None:
    """Gives every connected account of the tenant its fans and their messages; a brand that has fans keeps them."""
    nodes = _connected()
    if not nodes or list_fans(nodes[0].id, FanFilter(), limit=1).items:
        return
    zone = ZoneInfo(current_scope().tenant.time_zone)
    began = demo.until - timedelta(days=DAYS_A_MONTH * demo.months)
    _make_room(began.date(), demo.until.date())
    rhythm = Rhythm(began.astimezone(zone).date(), demo.until.astimezone(zone).date(), zone)
    for node in nodes:
        random = Random(f"{demo.seed}:fans:{node.name}")
        plan = _plan(node, _share(node, nodes, demo), demo.until)
        fans = list(crowd(plan, rhythm, random))
        write_crowd(plan, fans, began)
        write_notes(plan, fans, random)


def _connected() -> Sequence[Account]:
    connected = set(accounts.connected_ids())
    return [node for node in accounts.list_accounts() if node.id in connected]


def _make_room(first: date, last: date) -> None:
    # Partitions of months long past: in the one for the rest all of history would lie in a single heap.
    if "platform" in db.engines:
        with db.engines["platform"].begin() as connection:
            connection.execute(
                text("SELECT ensure_partitions('messages', :first, :last)"), {"first": first, "last": last}
            )


def _share(node: Account, nodes: Sequence[Account], demo: Demo) -> int:
    sizes = {one.id: SIZES[Kind(one.kind)] * Random(f"size:{one.name}").uniform(0.6, 1.5) for one in nodes}
    return max(20, round(demo.messages / MESSAGES_PER_FAN * sizes[node.id] / sum(sizes.values())))


def _plan(node: Account, fans: int, until: datetime) -> Crowd:
    connection = accounts.find_connection(node.id)
    heard = connection.last_callback_at if connection is not None else None
    return Crowd(
        account_id=node.id,
        name=node.name,
        fans=fans,
        channels=accounts.channels_of(node.id),
        talk=talk_of(current_scope().tenant.name),
        until=min(until, heard or until),
    )
