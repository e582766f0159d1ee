"""Followers: who they are and when they came. No names and no pictures, as since 2021."""

from __future__ import annotations

from saas.simulator import fans
from saas.simulator.errcodes import ApiError
from saas.simulator.fans import Fan
from saas.simulator.gate import Answer, Call, Routes

routes = Routes()
PAGE = 10_000


@routes.get("/cgi-bin/user/get")
def list_followers(call: Call) -> Answer:
    """A page of openids after `next_openid`; the last page's next_openid leads to an empty one."""
    after = _position(call, call.request.args.get("next_openid") or "")
    sql = "SELECT openid FROM fans WHERE app_id = ? AND subscribed AND seq > ? ORDER BY seq LIMIT ?"
    openids = [row["openid"] for row in call.store.rows(sql, call.account.app_id, after, PAGE)]
    answer = {"total": fans.count_followers(call.store, call.account), "count": len(openids)}
    if not openids:
        return {**answer, "next_openid": ""}
    return {**answer, "data": {"openid": openids}, "next_openid": openids[-1]}


@routes.get("/cgi-bin/user/info")
def read_user(call: Call) -> Answer:
    """One follower."""
    openid = call.request.args.get("openid") or ""
    if not openid:
        raise ApiError(41009)
    return describe(call, openid)


@routes.post("/cgi-bin/user/info/batchget")
def read_users(call: Call) -> Answer:
    """Up to a hundred followers."""
    wanted = call.body.get("user_list")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 100:
        raise ApiError(40032)
    return {
        "user_info_list": [describe(call, str(item.get("openid") if isinstance(item, dict) else "")) for item in wanted]
    }


@routes.post("/cgi-bin/user/info/updateremark")
def update_remark(call: Call) -> Answer:
    """The account's own note on a follower."""
    fan, remark = access(call, call.text("openid")), call.text("remark")
    if len(remark) >= 30:
        raise ApiError(40035)
    call.store.write("UPDATE fans SET remark = ? WHERE app_id = ? AND openid = ?", remark, fan.app_id, fan.openid)
    return {}


@routes.post("/cgi-bin/tags/members/getblacklist")
def list_blocked(call: Call) -> Answer:
    """A page of the blocked fans."""
    after = _position(call, str(call.body.get("begin_openid") or ""))
    sql = "SELECT openid FROM fans WHERE app_id = ? AND blocked AND seq > ? ORDER BY seq LIMIT ?"
    openids = [row["openid"] for row in call.store.rows(sql, call.account.app_id, after, PAGE)]
    total = call.store.count("SELECT count(*) FROM fans WHERE app_id = ? AND blocked", call.account.app_id)
    last = openids[-1] if openids else ""
    return {"total": total, "count": len(openids), "data": {"openid": openids}, "next_openid": last}


@routes.post("/cgi-bin/tags/members/batchblacklist")
def block(call: Call) -> Answer:
    """Blocks up to twenty fans."""
    return _set_blocked(call, 1)


@routes.post("/cgi-bin/tags/members/batchunblacklist")
def unblock(call: Call) -> Answer:
    """Unblocks up to twenty fans."""
    return _set_blocked(call, 0)


def access(call: Call, openid: str) -> Fan:
    """The fan of an openid; raises ApiError 40003 for one of another account."""
    fan = fans.find_fan(call.store, call.account, openid)
    if fan is None:
        raise ApiError(40003)
    return fan


def describe(call: Call, openid: str) -> dict[str, object]:
    """What Tencent tells of a fan; of one who does not follow nearly nothing."""
    fan = access(call, openid)
    union = {"unionid": fan.unionid} if fan.unionid else {}
    if not fan.subscribed:
        return {"subscribe": 0, "openid": fan.openid, **union, "tagid_list": []}
    tags = call.store.rows(
        "SELECT tag_id FROM fan_tags WHERE app_id = ? AND openid = ? ORDER BY rowid", fan.app_id, fan.openid
    )
    scene = {"subscribe_scene": fan.subscribe_scene, "qr_scene": fan.qr_scene, "qr_scene_str": fan.qr_scene_str}
    return {
        "subscribe": 1, "openid": fan.openid, "nickname": "", "sex": 0, "language": "zh_CN", "city": "", "province": "", "country": "",
        "headimgurl": "", "subscribe_time": fan.subscribe_time, **union, "remark": fan.remark, "groupid": 0,
        "tagid_list": [row["tag_id"] for row in tags], **scene,
    }  # fmt: skip


def _position(call: Call, openid: str) -> int:
    if not openid:
        return 0
    found = call.store.row("SELECT seq FROM fans WHERE app_id = ? AND openid = ?", call.account.app_id, openid)
    if found is None:
        raise ApiError(40003)
    return int(found["seq"])


def _set_blocked(call: Call, value: int) -> Answer:
    for fan in [access(call, openid) for openid in call.texts("openid_list", 20)]:
        call.store.write("UPDATE fans SET blocked = ? WHERE app_id = ? AND openid = ?", value, fan.app_id, fan.openid)
    return {}
