"""Messages to many: the calls."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from saas.simulator import chat, doors, ledger, mass, media, pushes
from saas.simulator.accounts import Account
from saas.simulator.api import users
from saas.simulator.errcodes import ApiError
from saas.simulator.fans import Fan
from saas.simulator.gate import Answer, Call, Routes
from saas.simulator.ledger import Booking
from saas.simulator.mass import Order

routes = Routes()
FEWEST, MOST = 2, 10_000
DONE = "send job submission success"


@routes.post("/cgi-bin/message/mass/sendall", raw_text=True)
def send_to_tag(call: Call) -> Answer:
    """To all followers, or to those of a tag."""
    audience, content = call.group("filter", 40152), _content(call)
    to_all, tag_id = bool(audience.get("is_to_all")), str(audience.get("tag_id"))
    if not to_all and not tag_id.isdecimal():
        raise ApiError(40152)
    found = mass.followers(call.store, call.account, None if to_all else int(tag_id))
    who = "all" if to_all else tag_id
    return _submit(call, Order(key=_key(call, who), to_all=to_all, wanted=len(found), fans=found, content=content))


@routes.post("/cgi-bin/message/mass/send", raw_text=True)
def send_to_list(call: Call) -> Answer:
    """To 2 to 10,000 fans by name; only for service accounts."""
    if call.account.service_type != "service":
        raise ApiError(48001)
    openids, content = call.texts("touser", MOST), _content(call)
    if len(openids) < FEWEST:
        raise ApiError(40130)
    wanted = set(openids)
    found = [fan for fan in mass.followers(call.store, call.account) if fan.openid in wanted]
    key = _key(call, ",".join(openids))
    return _submit(call, Order(key=key, to_all=False, wanted=len(openids), fans=found, content=content))


@routes.post("/cgi-bin/message/mass/preview", raw_text=True)
def preview(call: Call) -> Answer:
    """To one fan, to look at it; costs nothing of the quota."""
    fan, content = users.access(call, call.text("touser", 40003)), _content(call)
    if not fan.subscribed:
        raise ApiError(43004)
    chat.record(call.store, fan, "mass", content)
    ledger.book(call.store, [fan], Booking(channel="preview", content=content, marker=call.marker))
    return {"errcode": 0, "errmsg": "preview success", "msg_id": call.store.next_number("preview_msg_id")}


@routes.post("/cgi-bin/message/mass/get")
def read_job(call: Call) -> Answer:
    """How far a job is."""
    job = mass.access_job(call.store, call.account, call.number("msg_id", 40059))
    return {"msg_id": job["msg_id"], "msg_status": job["status"]}


@routes.post("/cgi-bin/message/mass/delete")
def delete_job(call: Call) -> Answer:
    """The page behind it is gone; the line in the chat stays."""
    job = mass.access_job(call.store, call.account, call.number("msg_id", 40059))
    mass.set_status(call.store, job["msg_id"], mass.DELETED)
    return {}


def _submit(call: Call, order: Order) -> Answer:
    store, account, callbacks = call.store, call.account, doors.desk().callbacks
    number = mass.submit(store, account, replace(order, marker=call.marker))

    def finish() -> None:
        job = mass.access_job(store, account, number)
        if job["status"] == mass.SENDING:
            mass.set_status(store, number, mass.SUCCESS)
        callbacks.deliver(account, _helper(account), pushes.event("MASSSENDJOBFINISH", mass.report(job)))

    callbacks.finish_later(finish)
    data_id = {"msg_data_id": 2_000_000_000 + number} if order.content["type"] == "mpnews" else {}
    return {"errcode": 0, "errmsg": DONE, "msg_id": number, **data_id}


def _helper(account: Account) -> Fan:
    """The event comes from Tencent's own helper, whom nobody sees."""
    openid = "o" + hashlib.sha256(f"mass helper of {account.app_id}".encode()).hexdigest()[:27]
    return Fan(
        app_id=account.app_id, openid=openid, unionid="", name="", subscribed=True, subscribe_time=0, subscribe_scene="",
        qr_scene=0, qr_scene_str="", remark="", blocked=False,
    )  # fmt: skip


def _key(call: Call, who: str) -> str:
    given = str(call.body.get("clientmsgid") or "")
    body = {name: value for name, value in call.body.items() if name not in ("clientmsgid", "touser", "filter")}
    return given or hashlib.sha256(f"{who} {json.dumps(body, sort_keys=True)}".encode()).hexdigest()


def _content(call: Call) -> dict[str, object]:
    kind = call.text("msgtype", 40008)
    if kind not in KINDS:
        raise ApiError(40008)
    return {"type": SHOWN.get(kind, kind), **KINDS[kind](call, call.group(kind, 40008))}


def _text(call: Call, group: Mapping[str, object]) -> dict[str, object]:
    if not group.get("content"):
        raise ApiError(44004)
    return {"content": str(group["content"])}


def _media(call: Call, group: Mapping[str, object]) -> dict[str, object]:
    several = group.get("media_ids")
    media_id = str(several[0] if isinstance(several, list) and several else group.get("media_id") or "")
    if not media_id:
        raise ApiError(41006)
    if media.find(call.store, call.account, media_id) is None:
        raise ApiError(40007)
    return {"media_id": media_id}


def _card(call: Call, group: Mapping[str, object]) -> dict[str, object]:
    """A draft, a video made for sending or a card: taken by name, for nothing here keeps them."""
    name = str(group.get("media_id") or group.get("card_id") or "")
    if not name:
        raise ApiError(41006)
    return {"title": str(group.get("title") or name)}


KINDS: Mapping[str, Callable[[Call, Mapping[str, object]], dict[str, object]]] = {
    "text": _text,
    "image": _media,
    "images": _media,
    "voice": _media,
    "mpvideo": _card,
    "mpnews": _card,
    "wxcard": _card,
}
SHOWN = {"images": "image"}
