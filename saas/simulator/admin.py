"""The administrative API below /_sim: accounts, fans, acts, ledgers, faults and the clock. Only for this machine."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from saas.simulator import accounts, allowance, chat, codes, doors, fans, menus
from saas.simulator.errcodes import Refused
from saas.simulator.gate import as_json

blueprint = Blueprint("admin", __name__, url_prefix="/_sim")
blueprint.before_request(doors.only_loopback)
blueprint.register_error_handler(Refused, doors.refused)
MOST_FANS = 100_000


@blueprint.get("/accounts")
def list_accounts() -> Response:
    """All accounts, without their secrets."""
    store = doors.desk().store
    return as_json({"items": [accounts.public_view(account) for account in accounts.list_accounts(store)]})


@blueprint.post("/accounts")
def register_account() -> Response:
    """A new account, or new settings of a known one."""
    return as_json(accounts.public_view(accounts.register(doors.desk().store, doors.body())))


@blueprint.get("/accounts/<app_id>")
def show_account(app_id: str) -> Response:
    """One account, its followers and how its pushes ended."""
    desk, account = doors.desk(), doors.account_of(app_id)
    counted = {
        "followers": fans.count_followers(desk.store, account),
        "deliveries": chat.count_deliveries(desk.store, account),
    }
    return as_json({**accounts.public_view(account), "address": desk.callbacks.address(account), **counted})


@blueprint.post("/accounts/<app_id>/verify")
def verify_account(app_id: str) -> Response:
    """The GET that checks the account's address."""
    return as_json({"verified": doors.desk().callbacks.verify(doors.account_of(app_id))})


@blueprint.post("/accounts/<app_id>/faults")
def set_faults(app_id: str) -> Response:
    """What goes wrong on purpose from now on."""
    account = accounts.set_faults(doors.desk().store, doors.account_of(app_id), doors.body())
    return as_json({"faults": vars(account.faults)})


@blueprint.post("/accounts/<app_id>/limits")
def set_limits(app_id: str) -> Response:
    """Daily limits by API path."""
    account = accounts.set_limits(doors.desk().store, doors.account_of(app_id), doors.body())
    return as_json({"limits": dict(account.limits)})


@blueprint.get("/accounts/<app_id>/codes")
def list_codes(app_id: str) -> Response:
    """The codes that can be scanned now."""
    found = codes.list_codes(doors.desk().store, doors.account_of(app_id))
    return as_json({"items": [{"ticket": code.ticket, "scene": code.scene, "url": code.url} for code in found]})


@blueprint.post("/accounts/<app_id>/codes")
def seed_codes(app_id: str) -> Response:
    """Permanent codes of an account's past: `codes` of {scene, ticket, url}; ticket and url may be left out."""
    store, account = doors.desk().store, doors.account_of(app_id)
    given = [
        {name: str(item.get(name) or "") for name in ("scene", "ticket", "url")}
        for item in doors.objects(doors.body(), "codes")
    ]
    found = [codes.printed_code(one["scene"], ticket=one["ticket"], url=one["url"]) for one in given]
    for code in found:
        codes.store_code(store, account, code)
    return as_json({"tickets": [code.ticket for code in found]})


@blueprint.get("/accounts/<app_id>/buttons")
def list_buttons(app_id: str) -> Response:
    """The default menu's buttons that raise an event."""
    return as_json({"items": menus.list_tappable(doors.desk().store, doors.account_of(app_id))})


@blueprint.get("/accounts/<app_id>/fans")
def list_fans(app_id: str) -> Response:
    """The fans last used, then the newest."""
    limit = request.args.get("limit", 100, type=int)
    found = fans.list_fans(doors.desk().store, doors.account_of(app_id), limit=limit)
    return as_json({"items": [fans.public_view(fan) for fan in found]})


@blueprint.post("/accounts/<app_id>/fans")
def create_fans(app_id: str) -> Response:
    """Either `fans`, each with its own values, or `count` of them with the values beside it."""
    values, account = doors.body(), doors.account_of(app_id)
    count = int(str(values.get("count") or 0))
    wanted = [values] * min(count, MOST_FANS) if count else doors.objects(values, "fans")
    return as_json({"openids": fans.create_fans(doors.desk().store, account, wanted)})


@blueprint.get("/accounts/<app_id>/fans/<openid>")
def show_fan(app_id: str, openid: str) -> Response:
    """One fan, with the allowances its acts granted."""
    store, (account, fan) = doors.desk().store, doors.fan_of(app_id, openid)
    granted = [
        {name: row[name] for name in ("trigger", "remaining", "expires_at")}
        for row in allowance.list_open(store, account, fan)
    ]
    return as_json({**fans.public_view(fan), "allowances": granted})


@blueprint.post("/accounts/<app_id>/fans/<openid>/acts")
def act(app_id: str, openid: str) -> Response:
    """One act of a fan: the answer, its time and the number of deliveries."""
    account, fan = doors.fan_of(app_id, openid)
    return as_json(doors.perform(account, fan))


@blueprint.get("/accounts/<app_id>/fans/<openid>/deliveries")
def list_deliveries(app_id: str, openid: str) -> Response:
    """The fan's pushes, newest first, as they went over the wire."""
    _, fan = doors.fan_of(app_id, openid)
    limit = request.args.get("limit", 1000, type=int)
    return as_json({"items": chat.list_deliveries(doors.desk().store, fan, limit=limit)})


@blueprint.get("/accounts/<app_id>/fans/<openid>/replies")
def list_replies(app_id: str, openid: str) -> Response:
    """The passive replies a fan got."""
    _, fan = doors.fan_of(app_id, openid)
    return as_json({"items": chat.list_by_origin(doors.desk().store, fan, "passive")})


@blueprint.get("/accounts/<app_id>/fans/<openid>/messages")
def list_messages(app_id: str, openid: str) -> Response:
    """The customer-service messages a fan got."""
    _, fan = doors.fan_of(app_id, openid)
    return as_json({"items": chat.list_by_origin(doors.desk().store, fan, "custom")})


@blueprint.post("/accounts/<app_id>/articles")
def seed_articles(app_id: str) -> Response:
    """Figures of articles by day: `articles` of {msgid, title, day, figures {read_user, share_user, like_user, …}}."""
    account = doors.account_of(app_id)
    rows = [
        (
            account.app_id,
            str(item.get("msgid")),
            str(item.get("title")),
            str(item.get("day")),
            json.dumps(item.get("figures") or {}),
        )
        for item in doors.objects(doors.body(), "articles")
    ]
    doors.desk().store.write_many(
        "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?)", [tuple(row) for row in rows]
    )
    return as_json({"stored": len(rows)})


@blueprint.get("/clock")
def read_clock() -> Response:
    """Tencent's clock."""
    store = doors.desk().store
    return as_json({"offset": store.offset, "now": store.now(), "beijing": store.moment().isoformat()})


@blueprint.post("/clock")
def set_clock() -> Response:
    """`offset` in seconds, added to the present time."""
    try:
        doors.desk().store.offset = float(str(doors.body().get("offset")))
    except ValueError:
        raise Refused("offset is a number of seconds") from None
    return read_clock()
