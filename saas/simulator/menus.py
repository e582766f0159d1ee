"""The account's menus: the default one, the personalised ones, and what Tencent refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from saas.simulator.accounts import Account
from saas.simulator.errcodes import ApiError, Refused
from saas.simulator.fans import Fan
from saas.simulator.store import Store

Button = dict[str, object]
MAX_KEY, MAX_URL = 128, 1024
NEEDED = {
    "click": ("key",),
    "view": ("url",),
    "miniprogram": ("url", "appid", "pagepath"),
    **dict.fromkeys(
        ("scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select"),
        ("key",),
    ),
    **dict.fromkeys(("media_id", "view_limited"), ("media_id",)),
    **dict.fromkeys(("article_id", "article_view_limited"), ("article_id",)),
}


@dataclass(frozen=True)
class Level:
    """The limits of one level of buttons and its five error codes: count, type, name, key, url."""

    most: int
    name: int
    codes: tuple[int, int, int, int, int]


TOP = Level(3, 16, (40016, 40017, 40018, 40019, 40020))
SUB = Level(5, 60, (40023, 40024, 40025, 40026, 40027))


def save_default(store: Store, account: Account, buttons: object) -> None:
    """Replaces the default menu. Raises ApiError naming what is wrong with a button."""
    _check(buttons, TOP)
    with store.transaction():
        store.write("DELETE FROM menus WHERE app_id = ? AND matchrule = ''", account.app_id)
        store.write(
            "INSERT INTO menus (app_id, buttons) VALUES (?, ?)", account.app_id, json.dumps(buttons, ensure_ascii=False)
        )


def save_conditional(store: Store, account: Account, buttons: object, rule: Mapping[str, object]) -> int:
    """Adds a personalised menu; the menuid. It needs a default menu."""
    _check(buttons, TOP)
    if find_default(store, account) is None:
        raise ApiError(65303)
    texts = json.dumps(buttons, ensure_ascii=False), json.dumps(dict(rule))
    return store.write("INSERT INTO menus (app_id, buttons, matchrule) VALUES (?, ?, ?)", account.app_id, *texts)


def delete_conditional(store: Store, account: Account, menuid: int) -> None:
    """Removes one personalised menu; raises ApiError when there is none."""
    if not store.write("DELETE FROM menus WHERE app_id = ? AND menuid = ? AND matchrule <> ''", account.app_id, menuid):
        raise ApiError(65301)


def delete_all(store: Store, account: Account) -> None:
    """Removes the default menu and the personalised ones."""
    store.write("DELETE FROM menus WHERE app_id = ?", account.app_id)


def find_default(store: Store, account: Account) -> list[Button] | None:
    """The default menu's buttons, if there is one."""
    found = store.row("SELECT buttons FROM menus WHERE app_id = ? AND matchrule = ''", account.app_id)
    return json.loads(found["buttons"]) if found else None


def list_conditional(store: Store, account: Account) -> list[dict[str, object]]:
    """The personalised menus, oldest first."""
    rows = store.rows("SELECT * FROM menus WHERE app_id = ? AND matchrule <> '' ORDER BY menuid", account.app_id)
    return [
        {"button": json.loads(row["buttons"]), "matchrule": json.loads(row["matchrule"]), "menuid": row["menuid"]}
        for row in rows
    ]


def menu_for(store: Store, account: Account, fan: Fan) -> list[Button]:
    """What this fan sees: the newest personalised menu of one of the fan's tags, else the default one."""
    tags = {
        str(row["tag_id"])
        for row in store.rows("SELECT tag_id FROM fan_tags WHERE app_id = ? AND openid = ?", fan.app_id, fan.openid)
    }
    for menu in reversed(list_conditional(store, account)):
        rule = menu["matchrule"]
        if isinstance(rule, dict) and str(rule.get("tag_id") or "") in tags:
            return list(menu["button"])  # type: ignore[call-overload, no-any-return]
    return find_default(store, account) or []


def list_tappable(store: Store, account: Account) -> list[Button]:
    """All buttons of the default menu that have no buttons below them."""
    tops = find_default(store, account) or []
    return [button for top in tops for button in _with_children(top) if not button.get("sub_button")]


def find_button(store: Store, account: Account, fan: Fan, key: str) -> Button:
    """The button of the fan's menu whose key, address or page is given."""
    for top in menu_for(store, account, fan):
        for button in _with_children(top):
            if key and key in (button.get("key"), button.get("url"), button.get("pagepath"), button.get("name")):
                return button
    raise Refused(_l("no such button in this fan's menu"), 404)


def _with_children(top: Button) -> list[Button]:
    children = top.get("sub_button")
    return [top, *(children if isinstance(children, list) else [])]


def _check(buttons: object, level: Level) -> None:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= level.most:
        raise ApiError(level.codes[0])
    for button in buttons:
        if not isinstance(button, dict):
            raise ApiError(level.codes[1])
        if not 1 <= len(str(button.get("name") or "").encode()) <= level.name:
            raise ApiError(level.codes[2])
        if level is TOP and button.get("sub_button"):
            _check(button["sub_button"], SUB)
        else:
            _check_target(button, level)


def _check_target(button: Button, level: Level) -> None:
    kind = str(button.get("type") or "")
    if kind not in NEEDED:
        raise ApiError(level.codes[1])
    for name in NEEDED[kind]:
        size = len(str(button.get(name) or "").encode())
        if not 1 <= size <= (MAX_URL if name == "url" else MAX_KEY):
            raise ApiError(level.codes[4] if name == "url" else level.codes[3])
