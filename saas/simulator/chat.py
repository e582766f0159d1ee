"""What stands in the chat on the phone, and the ledger behind it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from saas.simulator.accounts import Account
from saas.simulator.fans import Fan
from saas.simulator.store import Row, Store, Value

WIRE_KEPT = 5000
LINES = """SELECT chat.*, deliveries.ms, deliveries.count, deliveries.status FROM chat
           LEFT JOIN deliveries ON deliveries.id = chat.delivery_id WHERE chat.app_id = ? AND chat.openid = ?"""


def record(
    store: Store, fan: Fan, origin: str, content: Mapping[str, object], *, delivery_id: int | None = None
) -> None:
    """Adds a line. origin: fan, passive, custom, template, mass, failure or note."""
    store.write(
        "INSERT INTO chat (app_id, openid, origin, content, at, delivery_id) VALUES (?, ?, ?, ?, ?, ?)",
        fan.app_id, fan.openid, origin, json.dumps(dict(content), ensure_ascii=False), store.moment().timestamp(), delivery_id,
    )  # fmt: skip


def record_many(store: Store, fans: Iterable[Fan], origin: str, content: Mapping[str, object]) -> None:
    """The same line for many."""
    text, at = json.dumps(dict(content), ensure_ascii=False), store.moment().timestamp()
    rows: list[tuple[Value, ...]] = [(fan.app_id, fan.openid, origin, text, at) for fan in fans]
    store.write_many("INSERT INTO chat (app_id, openid, origin, content, at) VALUES (?, ?, ?, ?, ?)", rows)


def list_lines(store: Store, fan: Fan, *, after: int = 0, limit: int = 200) -> list[dict[str, object]]:
    """The newest lines after a number, oldest first."""
    rows = store.rows(f"{LINES} AND chat.id > ? ORDER BY chat.id DESC LIMIT ?", fan.app_id, fan.openid, after, limit)
    return [_line(row) for row in reversed(rows)]


def list_by_origin(store: Store, fan: Fan, origin: str) -> list[dict[str, object]]:
    """Only the passive replies, or only the customer-service messages."""
    return [
        _line(row) for row in store.rows(f"{LINES} AND origin = ? ORDER BY chat.id", fan.app_id, fan.openid, origin)
    ]


def list_deliveries(store: Store, fan: Fan, *, limit: int = 50) -> list[dict[str, object]]:
    """The newest pushes of a fan with both directions as they went over the wire."""
    sql = "SELECT * FROM deliveries WHERE app_id = ? AND openid = ? ORDER BY id DESC LIMIT ?"
    return [_delivery(row) for row in store.rows(sql, fan.app_id, fan.openid, limit)]


def count_deliveries(store: Store, account: Account) -> dict[str, int]:
    """How many pushes of an account ended in which way."""
    rows = store.rows(
        "SELECT status, count(*) AS number FROM deliveries WHERE app_id = ? GROUP BY status", account.app_id
    )
    return {str(row["status"]): int(row["number"]) for row in rows}


def forget_wire(store: Store, newest: int) -> None:
    """Keeps the texts on the wire of the newest pushes only; what was said and how it ended stays."""
    if newest % 500 == 0:
        store.write("UPDATE deliveries SET sent = '', raw = '' WHERE id <= ? AND sent <> ''", newest - WIRE_KEPT)


def show_typing(store: Store, fan: Fan, *, seconds: int) -> None:
    """The account is typing for so long; zero ends it."""
    store.write(
        "INSERT INTO typing VALUES (?, ?, ?) ON CONFLICT (app_id, openid) DO UPDATE SET until = excluded.until",
        fan.app_id, fan.openid, store.now() + seconds,
    )  # fmt: skip


def is_typing(store: Store, fan: Fan) -> bool:
    """Whether the sign that somebody is typing is shown now."""
    sql = "SELECT count(*) FROM typing WHERE app_id = ? AND openid = ? AND until > ?"
    return store.count(sql, fan.app_id, fan.openid, store.now()) > 0


def _line(row: Row) -> dict[str, object]:
    line = {name: row[name] for name in ("id", "origin", "at", "delivery_id", "ms", "status")}
    return {**line, "content": json.loads(row["content"]), "deliveries": row["count"]}


def _delivery(row: Row) -> dict[str, object]:
    names = ("id", "msg_type", "event", "msg_id", "create_time", "request", "sent", "status", "ms", "raw", "answer")
    parsed = {"tries": json.loads(row["tries"]), "reply": json.loads(row["reply"]), "deliveries": row["count"]}
    return {**{name: row[name] for name in names}, **parsed}
