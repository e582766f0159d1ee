"""Messages to many: whether one may go out, to whom it goes, and what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from saas.simulator import chat, ledger
from saas.simulator.accounts import Account
from saas.simulator.errcodes import ApiError
from saas.simulator.fans import Fan, from_row
from saas.simulator.ledger import Booking
from saas.simulator.store import Row, Store

CALLS_A_MINUTE, KEY_BYTES, KEY_LIFE, KEY_PAUSE = 60, 64, 86_400, 60
A_MONTH = 4
SENDING, SUCCESS, DELETED = "SENDING", "SEND_SUCCESS", "DELETE"
FIRST_MSG_ID = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Order:
    """One call. `wanted` is how many it names; `key` is its clientmsgid, or what Tencent makes one of."""

    key: str
    to_all: bool
    wanted: int
    fans: Sequence[Fan]
    content: Mapping[str, object]
    marker: str = ""


def submit(store: Store, account: Account, order: Order) -> int:
    """Takes an order; its msg_id. Raises ApiError 45067, 45065 and 45066 (its key), 45011 and 45028 (quota)."""
    if len(order.key.encode()) > KEY_BYTES:
        raise ApiError(45067)
    with store.transaction():
        _check_pace(store, account)
        _check_key(store, account, order.key)
        _check_quota(store, account, to_all=order.to_all)
        sated = _sated(store, account)
        chosen = [fan for fan in order.fans if fan.openid not in sated]
        number = _keep(store, account, order, chosen)
        booking = Booking(
            channel="mass", content=order.content, client_msg_id=order.key, marker=order.marker, msg_id=str(number)
        )
        ledger.book(store, chosen, booking)
        chat.record_many(store, chosen, "mass", order.content)
    return number


def followers(store: Store, account: Account, tag_id: int | None = None) -> list[Fan]:
    """Who follows now and is not blocked; with a tag only those who wear it. Raises ApiError 40152 for an unknown tag."""
    sql = "SELECT fans.* FROM fans WHERE fans.app_id = ? AND subscribed AND NOT blocked"
    if tag_id is None:
        return [from_row(row) for row in store.rows(f"{sql} ORDER BY seq", account.app_id)]
    if store.row("SELECT 1 FROM tags WHERE app_id = ? AND id = ?", account.app_id, tag_id) is None:
        raise ApiError(40152)
    worn = "openid IN (SELECT openid FROM fan_tags WHERE app_id = ? AND tag_id = ?)"
    return [
        from_row(row) for row in store.rows(f"{sql} AND {worn} ORDER BY seq", account.app_id, account.app_id, tag_id)
    ]


def access_job(store: Store, account: Account, number: int) -> Row:
    """A job of the account; raises ApiError 40059."""
    found = store.row("SELECT * FROM mass_jobs WHERE app_id = ? AND msg_id = ?", account.app_id, number)
    if found is None:
        raise ApiError(40059)
    return found


def set_status(store: Store, number: int, status: str) -> None:
    """What mass/get tells from now on."""
    store.write("UPDATE mass_jobs SET status = ? WHERE msg_id = ?", status, number)


def report(job: Row) -> dict[str, object]:
    """The fields of the event that tells of the end."""
    counts = json.loads(job["counts"])
    rights: dict[str, object] = {"Count": 0, "ResultList": {}, "CheckState": 0}
    return {"MsgID": job["msg_id"], "Status": "send success", **counts, "CopyrightCheckResult": rights}


def _check_pace(store: Store, account: Account) -> None:
    sql = "SELECT count(*) FROM calls WHERE app_id = ? AND path LIKE '/cgi-bin/message/mass/send%' AND at > ?"
    if store.count(sql, account.app_id, store.moment().timestamp() - 60) >= CALLS_A_MINUTE:
        raise ApiError(45011)


def _check_key(store: Store, account: Account, key: str) -> None:
    sql = "SELECT * FROM mass_jobs WHERE app_id = ? AND clientmsgid = ? AND at > ? ORDER BY at DESC LIMIT 1"
    found = store.row(sql, account.app_id, key, store.now() - KEY_LIFE)
    if found is None:
        return
    if store.now() - found["at"] < KEY_PAUSE:
        raise ApiError(45066)
    raise ApiError(45065, data={"msg_id": found["msg_id"]})


def _check_quota(store: Store, account: Account, *, to_all: bool) -> None:
    """A subscription account may send once a day; a service account to all once a day and four times a month."""
    day = store.moment().date().isoformat()
    only_all = "AND to_all" if account.service_type == "service" else ""
    sql = f"SELECT count(*) FROM mass_jobs WHERE app_id = ? AND status <> 'SEND_FAIL' AND day LIKE ? {only_all}"
    if account.service_type == "service" and not to_all:
        return
    today, month = store.count(sql, account.app_id, day), store.count(sql, account.app_id, f"{day[:7]}%")
    if today or (account.service_type == "service" and month >= A_MONTH):
        raise ApiError(45028)


def _sated(store: Store, account: Account) -> set[str]:
    """Fans of a service account who got their four this month."""
    if account.service_type != "service":
        return set()
    sql = "SELECT openid FROM booked WHERE app_id = ? AND channel = 'mass' AND month = ? GROUP BY openid HAVING count(*) >= ?"
    return {str(row["openid"]) for row in store.rows(sql, account.app_id, f"{store.moment():%Y-%m}", A_MONTH)}


def _keep(store: Store, account: Account, order: Order, chosen: Sequence[Fan]) -> int:
    filtered, sent = len(order.fans), len(chosen)
    counts = {"TotalCount": order.wanted, "FilterCount": filtered, "SentCount": sent, "ErrorCount": filtered - sent}
    number = FIRST_MSG_ID + store.next_number("mass_msg_id")
    store.write(
        "INSERT INTO mass_jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        number, account.app_id, order.key, int(order.to_all), store.now(), store.moment().date().isoformat(), SENDING, json.dumps(counts),
    )  # fmt: skip
    return number
