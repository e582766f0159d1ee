"""The books: what each fan got, how each push went and what each call was answered, for whoever must count."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from saas.simulator.fans import Fan
from saas.simulator.store import Row, Store, Value

INSERT = """INSERT INTO booked (app_id, openid, channel, at, month, digest, content, client_msg_id, marker, msg_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
PUSH = ("id", "app_id", "openid", "msg_type", "event", "msg_id", "create_time", "at", "status")
MOST = 100_000
CALLS_KEPT = 200_000


@dataclass(frozen=True, kw_only=True)
class Booking:
    """One message to one or many fans, as its caller named it. channel: custom, template or mass."""

    channel: str
    content: Mapping[str, object]
    client_msg_id: str = ""
    marker: str = ""
    msg_id: str = ""


@dataclass(frozen=True)
class Called:
    """A call of the API and how it ended. errcode: None when no answer reached the caller."""

    app_id: str
    path: str
    ms: float
    errcode: int | None
    fault: str


def book(store: Store, fans: Iterable[Fan], booking: Booking) -> None:
    """Writes down that each of the fans got it."""
    content = json.dumps(dict(booking.content), ensure_ascii=False, sort_keys=True)
    digest, moment = hashlib.sha256(content.encode()).hexdigest(), store.moment()
    same = (digest, content, booking.client_msg_id, booking.marker, booking.msg_id)
    rows: list[tuple[Value, ...]] = [
        (fan.app_id, fan.openid, booking.channel, moment.timestamp(), f"{moment:%Y-%m}", *same) for fan in fans
    ]
    store.write_many(INSERT, rows)


def find_recent(store: Store, fan: Fan, channels: tuple[str, str], key: str, *, seconds: int) -> str:
    """The msg_id of what the fan got under a caller's key not long ago; empty when there is none."""
    sql = """SELECT msg_id FROM booked WHERE app_id = ? AND openid = ? AND channel IN (?, ?) AND client_msg_id = ? AND at > ?
             ORDER BY id DESC LIMIT 1"""
    since = store.moment().timestamp() - seconds
    found = store.row(sql, fan.app_id, fan.openid, *channels, key, since) if key else None
    return str(found["msg_id"]) if found else ""


def record_call(store: Store, call: Called) -> None:
    """Writes down a call of the API; the oldest are forgotten at last."""
    number = store.write(
        "INSERT INTO calls (app_id, path, at, ms, errcode, fault) VALUES (?, ?, ?, ?, ?, ?)",
        call.app_id, call.path, store.moment().timestamp(), call.ms, call.errcode, call.fault,
    )  # fmt: skip
    if number % 1000 == 0:
        store.write("DELETE FROM calls WHERE id <= ?", number - CALLS_KEPT)


def read(store: Store, app_id: str, openid: str, *, after: int = 0, limit: int = MOST) -> dict[str, object]:
    """The three books of an account, or of one of its fans, oldest first."""
    mine = "app_id = ? AND (? = '' OR openid = ?) AND id > ? ORDER BY id LIMIT ?"
    values = (app_id, openid, openid, after, limit)
    calls = store.rows("SELECT * FROM calls WHERE app_id = ? AND id > ? ORDER BY id LIMIT ?", app_id, after, limit)
    return {
        "deliveries": [_booked(row) for row in store.rows(f"SELECT * FROM booked WHERE {mine}", *values)],
        "pushes": [_push(row) for row in store.rows(f"SELECT * FROM deliveries WHERE {mine}", *values)],
        "calls": [dict(row) for row in calls],
    }


def summary(store: Store, app_id: str) -> dict[str, object]:
    """The same in numbers, and who got the same thing twice."""
    pushes = _counted(store, "SELECT status, count(*) FROM deliveries WHERE app_id = ? GROUP BY status", app_id)
    calls: dict[str, Counter[str]] = {}
    for row in store.rows("SELECT path, errcode FROM calls WHERE app_id = ?", app_id):
        calls.setdefault(row["path"], Counter())[str(row["errcode"])] += 1
    doubled = """SELECT openid, channel, digest, count(*) AS count FROM booked WHERE app_id = ?
                 GROUP BY openid, channel, digest, client_msg_id, marker HAVING count(*) > 1 ORDER BY min(id)"""
    return {
        "deliveries": _counted(store, "SELECT channel, count(*) FROM booked WHERE app_id = ? GROUP BY channel", app_id),
        "doubled": [dict(row) for row in store.rows(doubled, app_id)],
        "pushes": pushes,
        "sending": pushes.get("sending", 0),
        "calls": calls,
    }


def forget(store: Store, app_id: str) -> None:
    """Empties the books of an account; pushes that are under way stay."""
    with store.transaction():
        for sql in (
            "DELETE FROM booked WHERE app_id = ?",
            "DELETE FROM calls WHERE app_id = ?",
            "DELETE FROM deliveries WHERE app_id = ? AND status <> 'sending'",
        ):
            store.write(sql, app_id)


def _counted(store: Store, sql: str, app_id: str) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in store.rows(sql, app_id)}


def _booked(row: Row) -> dict[str, object]:
    return {**dict(row), "content": json.loads(row["content"])}


def _push(row: Row) -> dict[str, object]:
    tries = [
        {name: one.get(name) for name in ("at", "ms", "status", "fault", "kind", "reply")}
        for one in json.loads(row["tries"])
    ]
    return {**{name: row[name] for name in PUSH}, "reply": json.loads(row["reply"]), "tries": tries}
