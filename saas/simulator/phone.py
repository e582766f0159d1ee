"""The phone's own JSON doors: what its page reads and does. They tell no secrets."""

from __future__ import annotations

from flask import Blueprint, Response, request

from saas.simulator import accounts, chat, codes, doors, fans, menus
from saas.simulator.component import events, registry
from saas.simulator.errcodes import Refused
from saas.simulator.gate import as_json

blueprint = Blueprint("phone", __name__, url_prefix="/phone")
blueprint.register_error_handler(Refused, doors.refused)


@blueprint.get("/accounts")
def list_accounts() -> Response:
    """The accounts one can choose."""
    store = doors.desk().store
    found = [
        accounts.public_view(one)
        | {"followers": fans.count_followers(store, one), "platforms": registry.names_of(store, one.app_id)}
        for one in accounts.list_accounts(store)
    ]
    return as_json({"items": found})


@blueprint.post("/<app_id>/revoke")
def revoke(app_id: str) -> Response:
    """The owner takes back what was given to any platform."""
    doors.body()
    return as_json({"platforms": events.revoke_all(doors.desk(), doors.account_of(app_id).app_id)})


@blueprint.get("/<app_id>/fans")
def list_fans(app_id: str) -> Response:
    """The fans one can be."""
    found = fans.list_fans(doors.desk().store, doors.account_of(app_id), limit=50)
    return as_json({"items": [fans.public_view(fan) for fan in found]})


@blueprint.post("/<app_id>/fans")
def create_fan(app_id: str) -> Response:
    """A stranger who does not follow yet."""
    store, account = doors.desk().store, doors.account_of(app_id)
    name = str(doors.body().get("name") or "").strip()[:20]
    [openid] = fans.create_fans(store, account, [{"name": name, "subscribed": False}])
    return as_json(fans.public_view(fans.access_fan(store, account, openid)))


@blueprint.get("/<app_id>/codes")
def list_codes(app_id: str) -> Response:
    """The codes one can scan."""
    found = codes.list_codes(doors.desk().store, doors.account_of(app_id))
    return as_json(
        {
            "items": [
                {"ticket": code.ticket, "scene": code.scene, "permanent": code.expires_at is None} for code in found
            ]
        }
    )


@blueprint.get("/<app_id>/<openid>/chat")
def read_chat(app_id: str, openid: str) -> Response:
    """The lines after a number, whether the account is typing, and the fan as Tencent knows it."""
    store, (_, fan) = doors.desk().store, doors.fan_of(app_id, openid)
    lines = chat.list_lines(store, fan, after=request.args.get("after", 0, type=int))
    return as_json({"lines": lines, "typing": chat.is_typing(store, fan), "fan": fans.public_view(fan)})


@blueprint.get("/<app_id>/<openid>/menu")
def read_menu(app_id: str, openid: str) -> Response:
    """The menu this fan sees."""
    return as_json({"button": menus.menu_for(doors.desk().store, *doors.fan_of(app_id, openid))})


@blueprint.get("/<app_id>/<openid>/deliveries")
def list_deliveries(app_id: str, openid: str) -> Response:
    """What went over the wire, newest first."""
    _, fan = doors.fan_of(app_id, openid)
    return as_json({"items": chat.list_deliveries(doors.desk().store, fan, limit=30)})


@blueprint.post("/<app_id>/<openid>/acts")
def act(app_id: str, openid: str) -> Response:
    """Does what the fan does."""
    account, fan = doors.fan_of(app_id, openid)
    return as_json(doors.perform(account, fan))
