"""WeChat users as one account sees them: following, leaving, and the history Tencent counts by day."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from saas.simulator.accounts import Account
from saas.simulator.codes import Code
from saas.simulator.errcodes import Refused
from saas.simulator.store import BEIJING, Row, Store, Value

SOURCES = {
    "ADD_SCENE_SEARCH": 1,
    "ADD_SCENE_PROFILE_CARD": 17,
    "ADD_SCENE_QR_CODE": 30,
    "ADD_SCENE_PROFILE_LINK": 57,
    "ADD_SCENE_WECHAT_ADVERTISEMENT": 100,
    "ADD_SCENE_REPRINT": 161,
    "ADD_SCENE_CHANNELS": 200,
    "ADD_SCENE_LIVESTREAM": 201,
}
INSERT = """INSERT INTO fans (app_id, openid, unionid, name, subscribed, subscribe_time, subscribe_scene, qr_scene, qr_scene_str)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
COUNT = """INSERT INTO follows VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET gained = gained + excluded.gained, lost = lost + excluded.lost"""


@dataclass(frozen=True, kw_only=True)
class Fan:
    """One follower, former follower or stranger of one account."""

    app_id: str
    openid: str
    unionid: str
    name: str
    subscribed: bool
    subscribe_time: int
    subscribe_scene: str
    qr_scene: int
    qr_scene_str: str
    remark: str
    blocked: bool

    @property
    def source(self) -> int:
        """The code that datacube uses for the way the fan came."""
        return SOURCES.get(self.subscribe_scene, 0)


def create_fans(store: Store, account: Account, wanted: list[Mapping[str, object]]) -> list[str]:
    """Makes fans, following unless they say otherwise; the openids. An openid already there is refused."""
    rows = [_new_row(store, account, values) for values in wanted]
    with store.transaction():
        taken = [
            row[1]
            for row in rows
            if store.row("SELECT 1 FROM fans WHERE app_id = ? AND openid = ?", account.app_id, row[1])
        ]
        if taken:
            raise Refused("an openid is already taken", 409)
        store.write_many(INSERT, rows)
        store.write_many(COUNT, [_gained(row) for row in rows if row[4]])
    return [str(row[1]) for row in rows]


def access_fan(store: Store, account: Account, openid: str) -> Fan:
    """The fan of an openid; raises Refused for an unknown one."""
    fan = find_fan(store, account, openid)
    if fan is None:
        raise Refused("no such fan of this account", 404)
    return fan


def find_fan(store: Store, account: Account, openid: object) -> Fan | None:
    """The fan of an openid, if there is one."""
    found = store.row("SELECT * FROM fans WHERE app_id = ? AND openid = ?", account.app_id, str(openid))
    return from_row(found) if found else None


def list_fans(store: Store, account: Account, *, limit: int = 100) -> list[Fan]:
    """The fans most recently used on the phone, then the newest."""
    sql = "SELECT * FROM fans WHERE app_id = ? ORDER BY seen_at DESC, seq DESC LIMIT ?"
    return [from_row(row) for row in store.rows(sql, account.app_id, limit)]


def count_followers(store: Store, account: Account) -> int:
    """How many follow now."""
    return store.count("SELECT count(*) FROM fans WHERE app_id = ? AND subscribed", account.app_id)


def follow(
    store: Store, account: Account, fan: Fan, *, scene: str = "ADD_SCENE_SEARCH", code: Code | None = None
) -> Fan:
    """The fan follows now: by a node's code when one is given, else in the way the scene names."""
    if fan.subscribed:
        raise Refused(_l("this fan follows already"), 409)
    values = ("ADD_SCENE_QR_CODE", code.qr_scene, code.qr_scene_str) if code else (scene, 0, "")
    with store.transaction():
        store.write(
            """UPDATE fans SET subscribed = 1, subscribe_time = ?, subscribe_scene = ?, qr_scene = ?, qr_scene_str = ?
               WHERE app_id = ? AND openid = ?""",
            store.now(), *values, account.app_id, fan.openid,
        )  # fmt: skip
        after = access_fan(store, account, fan.openid)
        store.write(COUNT, account.app_id, _day(after.subscribe_time), after.source, 1, 0)
    return after


def unfollow(store: Store, account: Account, fan: Fan) -> Fan:
    """The fan leaves: no tags, no allowance, no remark remain."""
    if not fan.subscribed:
        raise Refused(_l("this fan does not follow"), 409)
    with store.transaction():
        for sql in (
            "UPDATE fans SET subscribed = 0, remark = '' WHERE app_id = ? AND openid = ?",
            "DELETE FROM fan_tags WHERE app_id = ? AND openid = ?",
            "DELETE FROM allowances WHERE app_id = ? AND openid = ?",
        ):
            store.write(sql, account.app_id, fan.openid)
        store.write(COUNT, account.app_id, _day(store.now()), fan.source, 0, 1)
    return access_fan(store, account, fan.openid)


def remember_use(store: Store, fan: Fan) -> None:
    """Puts a fan on top of the phone's list."""
    store.write("UPDATE fans SET seen_at = ? WHERE app_id = ? AND openid = ?", store.now(), fan.app_id, fan.openid)


def from_row(row: Row) -> Fan:
    """A fan as stored."""
    names = (
        "app_id",
        "openid",
        "unionid",
        "name",
        "subscribe_time",
        "subscribe_scene",
        "qr_scene",
        "qr_scene_str",
        "remark",
    )
    return Fan(**{name: row[name] for name in names}, subscribed=bool(row["subscribed"]), blocked=bool(row["blocked"]))


def public_view(fan: Fan) -> dict[str, object]:
    """What the doors tell of a fan."""
    names = ("openid", "unionid", "name", "subscribed", "subscribe_time", "subscribe_scene", "qr_scene_str", "remark")
    return {name: getattr(fan, name) for name in names}


def new_openid() -> str:
    """28 characters as WeChat's, never ending in a dash that a double click would miss."""
    return "o" + secrets.token_urlsafe(21)[:26] + secrets.token_hex(1)[0]


def _new_row(store: Store, account: Account, values: Mapping[str, object]) -> tuple[Value, ...]:
    scene, following = str(values.get("scene") or ""), bool(values.get("subscribed", True))
    number = int(scene) if scene.isdecimal() else 0
    return (
        account.app_id,
        str(values.get("openid") or new_openid()),
        str(values.get("unionid") or ""),
        str(values.get("name") or ""),
        int(following),
        int(str(values.get("subscribe_time") or (store.now() if following else 0))),
        str(values.get("subscribe_scene") or ("ADD_SCENE_QR_CODE" if scene else "ADD_SCENE_SEARCH")),
        number,
        "" if number else scene,
    )


def _gained(row: tuple[Value, ...]) -> tuple[Value, ...]:
    return (row[0], _day(int(str(row[5]))), SOURCES.get(str(row[6]), 0), 1, 0)


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment, BEIJING).date().isoformat()
