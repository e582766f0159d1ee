"""What a tap on the account's menu raises: the button's event, and the message that may follow."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from saas.simulator import pushes
from saas.simulator.errcodes import Refused
from saas.simulator.pushes import Push, Values

NO_EVENT = ("media_id", "view_limited", "article_id", "article_view_limited")


def tap(button: Values, values: Values) -> list[Push]:
    """The pushes of one tap; `values` says what was scanned, shot or picked. Raises Refused for a button without event."""
    kind = str(button.get("type") or "")
    if kind in NO_EVENT:
        return []
    if kind not in TAPS:
        raise Refused(f"a button of this type can't be tapped: {kind}")
    return TAPS[kind](button, values)


def _click(button: Values, values: Values) -> list[Push]:
    return [
        pushes.event(
            "CLICK",
            {"EventKey": _key(button)},
            grants="menu",
            shown=_shown(button),
            created_at=values.get("created_at"),
        )
    ]


def _view(button: Values, values: Values) -> list[Push]:
    fields = {"EventKey": str(button.get("url") or ""), **_menu_id(values)}
    return [
        pushes.event(
            "VIEW", fields, shown={**_shown(button), "url": fields["EventKey"]}, created_at=values.get("created_at")
        )
    ]


def _miniprogram(button: Values, values: Values) -> list[Push]:
    fields = {"EventKey": str(button.get("pagepath") or ""), **_menu_id(values)}
    return [pushes.event("view_miniprogram", fields, shown=_shown(button), created_at=values.get("created_at"))]


def _scan(button: Values, values: Values) -> list[Push]:
    result = {
        "ScanType": str(values.get("scan_type") or "qrcode"),
        "ScanResult": str(values.get("scan_result") or "SN-88231"),
    }
    fields = {"EventKey": _key(button), "ScanCodeInfo": result}
    return [
        pushes.event(
            str(button["type"]), fields, grants="menu", shown=_shown(button), created_at=values.get("created_at")
        )
    ]


def _pictures(button: Values, values: Values) -> list[Push]:
    wanted = values.get("pictures")
    pictures = [item for item in wanted if isinstance(item, Mapping)] if isinstance(wanted, list) else []
    sums = [
        {"PicMd5Sum": hashlib.md5(str(item.get("media_id")).encode(), usedforsecurity=False).hexdigest()}
        for item in pictures
    ]
    info = {"Count": len(sums), "PicList": {"item": list(sums)}}
    first = pushes.event(str(button["type"]), {"EventKey": _key(button), "SendPicsInfo": info}, shown=_shown(button))
    return [first, *(pushes.message({**item, "type": "image"}) for item in pictures)]


def _place(button: Values, values: Values) -> list[Push]:
    place = {
        "latitude": 31.230416,
        "longitude": 121.473701,
        "label": "上海市黄浦区人民广场",
        **values,
        "type": "location",
    }
    location = pushes.message(place)
    info = {name: str(location.fields[name]) for name in ("Location_X", "Location_Y", "Scale", "Label")}
    fields = {"EventKey": _key(button), "SendLocationInfo": {**info, "Poiname": ""}}
    return [pushes.event("location_select", fields, shown=_shown(button)), location]


def _key(button: Values) -> str:
    return str(button.get("key") or "")


def _menu_id(values: Values) -> dict[str, object]:
    return {"MenuId": int(str(values["menu_id"]))} if values.get("menu_id") else {}


def _shown(button: Values) -> dict[str, object]:
    return {
        "type": "menu",
        "button": str(button.get("type") or ""),
        "name": str(button.get("name") or button.get("key") or ""),
    }


TAPS: Mapping[str, Callable[[Values, Values], list[Push]]] = {
    "click": _click,
    "view": _view,
    "miniprogram": _miniprogram,
    "scancode_push": _scan,
    "scancode_waitmsg": _scan,
    "pic_sysphoto": _pictures,
    "pic_photo_or_album": _pictures,
    "pic_weixin": _pictures,
    "location_select": _place,
}
