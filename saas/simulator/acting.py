"""What a fan does on the phone: changes what Tencent knows, grants allowances, and causes pushes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from flask_babel import lazy_gettext as _l

from saas.simulator import allowance, chat, codes, fans, menus, pushes, taps, templates
from saas.simulator.accounts import Account
from saas.simulator.callbacks import Callbacks, Delivery
from saas.simulator.codes import Code
from saas.simulator.errcodes import Refused
from saas.simulator.fans import Fan
from saas.simulator.pushes import Push, Values
from saas.simulator.store import Store


@dataclass(frozen=True)
class Desk:
    """The simulator's two working parts, as the doors get them."""

    store: Store
    callbacks: Callbacks


def act(desk: Desk, account: Account, fan: Fan, values: Values) -> list[Delivery]:
    """Performs one act and waits for its answers; most acts cause one push. Raises Refused when it can't be done."""
    kind = str(values.get("type") or "")
    with desk.store.transaction():
        wanted = ACTS[kind](desk.store, account, fan, values) if kind in ACTS else [pushes.message(values)]
        fans.remember_use(desk.store, fan)
        for push in wanted:
            if push.grants:
                allowance.grant(desk.store, account, fan, push.grants)
    return [desk.callbacks.deliver(account, fan, push) for push in wanted]


def result_view(deliveries: list[Delivery]) -> dict[str, object]:
    """The first delivery, with those that followed it."""
    if not deliveries:
        return {"status": "none", "deliveries": 0, "reply": None, "followed_by": []}
    first, *others = [asdict(delivery) for delivery in deliveries]
    return {**first, "followed_by": others}


def _subscribe(store: Store, account: Account, fan: Fan, values: Values) -> list[Push]:
    code = _code(store, account, values) if values.get("ticket") or values.get("scene") else None
    fans.follow(store, account, fan, scene=str(values.get("subscribe_scene") or "ADD_SCENE_SEARCH"), code=code)
    fields: dict[str, object] = (
        {"EventKey": f"qrscene_{code.scene}", "Ticket": code.ticket} if code else {"EventKey": ""}
    )
    if values.get("last_trade_no"):
        fields["EventKey"] = f"last_trade_no_{values['last_trade_no']}"
    shown = {"type": "follow", "scene": code.scene if code else ""}
    return [pushes.event("subscribe", fields, grants="follow", shown=shown, created_at=values.get("created_at"))]


def _unsubscribe(store: Store, account: Account, fan: Fan, values: Values) -> list[Push]:
    fans.unfollow(store, account, fan)
    return [
        pushes.event("unsubscribe", {"EventKey": ""}, shown={"type": "unfollow"}, created_at=values.get("created_at"))
    ]


def _scan(store: Store, account: Account, fan: Fan, values: Values) -> list[Push]:
    if not fan.subscribed:
        return _subscribe(store, account, fan, values)
    code = _code(store, account, values)
    fields = {"EventKey": code.scene, "Ticket": code.ticket}
    shown = {"type": "scan", "scene": code.scene}
    return [pushes.event("SCAN", fields, grants="scan", shown=shown, created_at=values.get("created_at"))]


def _menu(store: Store, account: Account, fan: Fan, values: Values) -> list[Push]:
    given = values.get("button")
    button = (
        given if isinstance(given, Mapping) else menus.find_button(store, account, fan, str(values.get("key") or ""))
    )
    return taps.tap(button, values)


def _event(store: Store, account: Account, fan: Fan, values: Values) -> list[Push]:
    """Any event with its fields as given, for those the phone can't raise (job reports, cards, agents' sessions)."""
    fields = values.get("fields") or {}
    if not isinstance(fields, Mapping):
        raise Refused("fields is an object")
    name = pushes.text_of(values, "event")
    grants = str(values.get("grants") or "")
    if grants and grants not in allowance.GRANTS:
        raise Refused(f"unknown allowance: {grants}")
    return [
        pushes.event(
            name,
            dict(fields),
            grants=grants,
            shown={"type": "event", "name": name},
            created_at=values.get("created_at"),
        )
    ]


def _set_templates(store: Store, account: Account, fan: Fan, values: Values) -> list[Push]:
    """The fan switches the account's template messages off or on; Tencent tells nobody."""
    refused = values.get("type") == "refuse_templates"
    templates.set_refusal(store, fan, refused=refused)
    chat.record(store, fan, "fan", {"type": "templates_refused" if refused else "templates_accepted"})
    return []


def _report_place(store: Store, account: Account, fan: Fan, values: Values) -> list[Push]:
    fields = {
        "Latitude": pushes.number_of(values, "latitude"),
        "Longitude": pushes.number_of(values, "longitude"),
        "Precision": float(str(values.get("precision") or 65.0)),
    }
    return [pushes.event("LOCATION", fields, created_at=values.get("created_at"))]


def _code(store: Store, account: Account, values: Values) -> Code:
    """The code that was scanned; a scene without a code of its own is scanned from a printed one, long made."""
    ticket, scene = str(values.get("ticket") or ""), str(values.get("scene") or "").strip()
    if not ticket and not 1 <= len(scene) <= 64:
        raise Refused(_l("a scene has 1 to 64 characters"))
    try:
        return codes.access_code(store, account, ticket=ticket, scene=scene)
    except Refused as refused:
        if ticket or refused.status != 404:
            raise
    return codes.printed_code(scene)


ACTS: Mapping[str, Callable[[Store, Account, Fan, Values], list[Push]]] = {
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "scan": _scan,
    "menu": _menu,
    "event": _event,
    "report_location": _report_place,
    "refuse_templates": _set_templates,
    "accept_templates": _set_templates,
}
