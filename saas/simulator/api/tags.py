"""Tags of followers, with Tencent's limits."""

from __future__ import annotations

from saas.simulator.api import users
from saas.simulator.errcodes import ApiError
from saas.simulator.fans import Fan
from saas.simulator.gate import Answer, Call, Routes

routes = Routes()
MOST_TAGS, MOST_PER_FAN, MOST_MEMBERS, FIRST_ID = 100, 20, 100_000, 100
RESERVED = (0, 1, 2)
STAR = {"id": 2, "name": "星标组", "count": 0}


@routes.post("/cgi-bin/tags/create", raw_text=True)
def create_tag(call: Call) -> Answer:
    """A new tag; at most a hundred."""
    name = _name(call)
    with call.store.transaction():
        if call.store.count("SELECT count(*) FROM tags WHERE app_id = ?", call.account.app_id) >= MOST_TAGS:
            raise ApiError(45056)
        newest = call.store.count("SELECT max(id) FROM tags WHERE app_id = ?", call.account.app_id)
        number = max(newest + 1, FIRST_ID)
        call.store.write("INSERT INTO tags VALUES (?, ?, ?)", call.account.app_id, number, name)
    return {"tag": {"id": number, "name": name}}


@routes.get("/cgi-bin/tags/get")
def list_tags(call: Call) -> Answer:
    """All tags with their members' number."""
    sql = """SELECT tags.id, tags.name, count(fan_tags.openid) AS count FROM tags
             LEFT JOIN fan_tags ON fan_tags.app_id = tags.app_id AND fan_tags.tag_id = tags.id
             WHERE tags.app_id = ? GROUP BY tags.id ORDER BY tags.id"""
    return {"tags": [STAR, *(dict(row) for row in call.store.rows(sql, call.account.app_id))]}


@routes.post("/cgi-bin/tags/update", raw_text=True)
def update_tag(call: Call) -> Answer:
    """Another name for a tag."""
    number = _tag_id(call, call.group("tag").get("id"))
    name = _name(call, but=number)
    call.store.write("UPDATE tags SET name = ? WHERE app_id = ? AND id = ?", name, call.account.app_id, number)
    return {}


@routes.post("/cgi-bin/tags/delete")
def delete_tag(call: Call) -> Answer:
    """A tag gone, unless too many wear it."""
    number = _tag_id(call, call.group("tag").get("id"))
    if _members(call, number) > MOST_MEMBERS:
        raise ApiError(45057)
    with call.store.transaction():
        call.store.write("DELETE FROM fan_tags WHERE app_id = ? AND tag_id = ?", call.account.app_id, number)
        call.store.write("DELETE FROM tags WHERE app_id = ? AND id = ?", call.account.app_id, number)
    return {}


@routes.post("/cgi-bin/user/tag/get")
def list_members(call: Call) -> Answer:
    """A page of the followers who wear a tag."""
    number = _tag_id(call, call.body.get("tagid"))
    after = str(call.body.get("next_openid") or "")
    seq = (
        call.store.count("SELECT seq FROM fans WHERE app_id = ? AND openid = ?", call.account.app_id, after)
        if after
        else 0
    )
    sql = """SELECT fans.openid FROM fan_tags JOIN fans ON fans.app_id = fan_tags.app_id AND fans.openid = fan_tags.openid
             WHERE fan_tags.app_id = ? AND tag_id = ? AND seq > ? ORDER BY seq LIMIT ?"""
    openids = [row["openid"] for row in call.store.rows(sql, call.account.app_id, number, seq, users.PAGE)]
    if not openids:
        return {"count": 0}
    return {"count": len(openids), "data": {"openid": openids}, "next_openid": openids[-1]}


@routes.post("/cgi-bin/tags/members/batchtagging")
def tag_fans(call: Call) -> Answer:
    """Up to fifty followers tagged at once."""
    number, found = _tag_id(call, call.body.get("tagid")), _fans(call)
    with call.store.transaction():
        for fan in found:
            _check_room(call, fan, number)
            call.store.write(
                "INSERT INTO fan_tags VALUES (?, ?, ?) ON CONFLICT DO NOTHING", fan.app_id, number, fan.openid
            )
    return {}


@routes.post("/cgi-bin/tags/members/batchuntagging")
def untag_fans(call: Call) -> Answer:
    """Up to fifty followers untagged at once."""
    number = _tag_id(call, call.body.get("tagid"))
    for fan in _fans(call):
        call.store.write(
            "DELETE FROM fan_tags WHERE app_id = ? AND tag_id = ? AND openid = ?", fan.app_id, number, fan.openid
        )
    return {}


@routes.post("/cgi-bin/tags/getidlist")
def list_tags_of_fan(call: Call) -> Answer:
    """The tags of one follower."""
    fan = users.access(call, call.text("openid"))
    rows = call.store.rows(
        "SELECT tag_id FROM fan_tags WHERE app_id = ? AND openid = ? ORDER BY rowid", fan.app_id, fan.openid
    )
    return {"tagid_list": [row["tag_id"] for row in rows]}


def _name(call: Call, *, but: int = 0) -> str:
    name = str(call.group("tag").get("name") or "")
    if len(name) > 30:
        raise ApiError(45158)
    taken = call.store.row(
        "SELECT 1 FROM tags WHERE app_id = ? AND name = ? AND id <> ?", call.account.app_id, name, but
    )
    if not name or taken:
        raise ApiError(45157)
    return name


def _tag_id(call: Call, value: object) -> int:
    number = int(str(value)) if str(value).isdecimal() else -1
    if number in RESERVED:
        raise ApiError(45058)
    if call.store.row("SELECT 1 FROM tags WHERE app_id = ? AND id = ?", call.account.app_id, number) is None:
        raise ApiError(45159)
    return number


def _fans(call: Call) -> list[Fan]:
    return [users.access(call, openid) for openid in call.texts("openid_list", 50)]


def _members(call: Call, number: int) -> int:
    return call.store.count(
        "SELECT count(*) FROM fan_tags WHERE app_id = ? AND tag_id = ?", call.account.app_id, number
    )


def _check_room(call: Call, fan: Fan, number: int) -> None:
    sql = "SELECT count(*) FROM fan_tags WHERE app_id = ? AND openid = ? AND tag_id <> ?"
    if call.store.count(sql, fan.app_id, fan.openid, number) >= MOST_PER_FAN:
        raise ApiError(45059)
