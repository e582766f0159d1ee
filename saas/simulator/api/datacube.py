"""Figures of the day before, ready from eight in the morning, Beijing time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta

from saas.simulator.errcodes import ApiError
from saas.simulator.gate import Answer, Call, Routes
from saas.simulator.store import Row

routes = Routes()
READY_HOUR = 8
FIRST_DAY = date(2014, 12, 1)
SMALLEST = 3
OLD_NAMES = {
    "int_page_read_user": "read_user", "int_page_read_count": "read_count", "ori_page_read_user": "original_user",
    "ori_page_read_count": "original_count", "share_user": "share_user", "share_count": "share_count",
    "add_to_fav_user": "favourite_user", "add_to_fav_count": "favourite_count",
}  # fmt: skip
NEW_NAMES = {
    "read_user": "read_user", "share_user": "share_user", "zaikan_user": "zaikan_user", "like_user": "like_user",
    "comment_count": "comment_count", "collection_user": "favourite_user",
}  # fmt: skip


@routes.post("/datacube/getusersummary")
def user_summary(call: Call) -> Answer:
    """New and lost followers by day and source."""
    first, last, _ = _span(call, 7)
    rows = call.store.rows(
        "SELECT * FROM follows WHERE app_id = ? AND day BETWEEN ? AND ? ORDER BY day, source",
        *_range(call, first, last),
    )
    named = [
        {"ref_date": row["day"], "user_source": row["source"], "new_user": row["gained"], "cancel_user": row["lost"]}
        for row in rows
    ]
    return {"list": named}


@routes.post("/datacube/getusercumulate")
def user_cumulate(call: Call) -> Answer:
    """Followers at the end of each day."""
    first, last, _ = _span(call, 7)
    return {
        "list": [
            {"ref_date": day, "user_source": 0, "cumulate_user": _followers_after(call, day)}
            for day in _days(first, last)
        ]
    }


@routes.post("/datacube/getarticlesummary")
def article_summary(call: Call) -> Answer:
    """The day's figures of each article read often enough."""
    rows = _articles(call, 1)[0]
    shaped = [_dated(row, title=True) | _figures(row, OLD_NAMES) for row in rows]
    return {"list": [row for row in shaped if int(str(row["int_page_read_count"])) >= SMALLEST]}


@routes.post("/datacube/getarticletotal")
def article_total(call: Call) -> Answer:
    """Articles sent on the day, each with up to seven days of figures since."""
    first, last, _ = _span(call, 1)
    return {"list": [_since_sent(call, row, OLD_NAMES, "details") for row in _sent_between(call, first, last)]}


@routes.post("/datacube/getarticletotaldetail")
def article_total_detail(call: Call) -> Answer:
    """The newer form of the figures since sending."""
    first, last, ready = _span(call, 1)
    return {
        "list": [_since_sent(call, row, NEW_NAMES, "detail_list") for row in _sent_between(call, first, last)],
        "is_delay": not ready,
    }


@routes.post("/datacube/getarticleread")
def article_read(call: Call) -> Answer:
    """Readers of each article on a day."""
    rows, ready = _articles(call, 1)
    return {"list": [_dated(row) | {"detail": _new_detail([row])} for row in rows], "is_delay": not ready}


@routes.post("/datacube/getarticleshare")
def article_share(call: Call) -> Answer:
    """Shares of each article on a day."""
    rows, ready = _articles(call, 1)
    names = {"share_user": "share_user", "share_count": "share_count"}
    return {"list": [_dated(row) | {"detail": _figures(row, names)} for row in rows], "is_delay": not ready}


@routes.post("/datacube/getbizsummary")
def account_summary(call: Call) -> Answer:
    """The whole account's content figures, a row per day."""
    rows, ready = _articles(call, 30)
    days = sorted({row["day"] for row in rows})
    by_day = [{"ref_date": day, "detail": _new_detail([row for row in rows if row["day"] == day])} for day in days]
    return {"list": by_day, "is_delay": not ready}


def _span(call: Call, most: int) -> tuple[date, date, bool]:
    """First and last day of what is asked and ready, and whether all of it is. Raises ApiError 61500 or 61501."""
    first, last = (_day(call.text(name, 61500)) for name in ("begin_date", "end_date"))
    now = call.store.moment()
    yesterday = now.date() - timedelta(days=1)
    if not FIRST_DAY <= first <= last <= yesterday or (last - first).days >= most:
        raise ApiError(61501)
    newest = yesterday if now.hour >= READY_HOUR else yesterday - timedelta(days=1)
    return first, min(last, newest), last <= newest


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ApiError(61500) from None


def _days(first: date, last: date) -> list[str]:
    return [(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]


def _range(call: Call, first: date, last: date) -> tuple[str, str, str]:
    return call.account.app_id, first.isoformat(), last.isoformat()


def _followers_after(call: Call, day: str) -> int:
    sql = "SELECT sum(gained) - sum(lost) FROM follows WHERE app_id = ? AND day <= ?"
    return call.store.count(sql, call.account.app_id, day)


def _articles(call: Call, most: int) -> tuple[list[Row], bool]:
    first, last, ready = _span(call, most)
    sql = "SELECT * FROM articles WHERE app_id = ? AND day BETWEEN ? AND ? ORDER BY day, msgid"
    return call.store.rows(sql, *_range(call, first, last)), ready


def _sent_between(call: Call, first: date, last: date) -> list[Row]:
    sql = """SELECT * FROM (SELECT app_id, msgid, title, min(day) AS day FROM articles WHERE app_id = ? GROUP BY msgid)
             WHERE day BETWEEN ? AND ? ORDER BY day, msgid"""
    return call.store.rows(sql, *_range(call, first, last))


def _since_sent(call: Call, row: Row, names: Mapping[str, str], below: str) -> dict[str, object]:
    newest = (call.store.moment().date() - timedelta(days=1)).isoformat()
    sql = "SELECT * FROM articles WHERE app_id = ? AND msgid = ? AND day <= ? ORDER BY day LIMIT 7"
    days = call.store.rows(sql, call.account.app_id, row["msgid"], newest)
    return _dated(row, title=True) | {below: [{"stat_date": day["day"], **_figures(day, names)} for day in days]}


def _dated(row: Row, *, title: bool = False) -> dict[str, object]:
    return {"ref_date": row["day"], "msgid": row["msgid"], **({"title": row["title"]} if title else {})}


def _figures(row: Row, names: Mapping[str, str]) -> dict[str, object]:
    stored = json.loads(row["figures"])
    return {theirs: int(stored.get(ours, 0)) for theirs, ours in names.items()}


def _new_detail(rows: list[Row]) -> dict[str, object]:
    summed = {name: sum(int(str(_figures(row, NEW_NAMES)[name])) for row in rows) for name in NEW_NAMES}
    return {**summed, "read_user_source": [{"user_source": 99_999_999, "read_user": summed["read_user"]}]}
