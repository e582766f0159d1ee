"""How often a day an account may call, as WeChat grants a new one; the true number stands in WeChat's own console."""

from __future__ import annotations

from collections.abc import Mapping

CUSTOM = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"
MASS = "/cgi-bin/message/mass#"
"""No path of a call: with WeChat's id behind it, one mass send that has gone out."""
CLEAR = "/cgi-bin/clear_quota"
DEFAULT = 100_000
CLEARS_A_MONTH = 10
MASS_A_DAY = 1
"""Of a subscription account."""
MASS_A_MONTH = 4
"""To each fan of a service account."""
LIMITS: Mapping[str, int] = {
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/stable_token#forced": 20,
    "/cgi-bin/menu/create": 1000,
    "/cgi-bin/menu/delete": 1000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/get_current_selfmenu_info": 10_000,
    "/cgi-bin/tags/create": 1000,
    "/cgi-bin/tags/get": 1000,
    "/cgi-bin/tags/update": 1000,
    "/cgi-bin/tags/members/batchtagging": 100_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    CUSTOM: 500_000,
    TEMPLATE: 100_000,
    "/cgi-bin/message/mass/sendall": 100,
    "/cgi-bin/message/mass/send": 100,
    "/cgi-bin/message/mass/delete": 10,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/user/get": 500,
    "/cgi-bin/user/info": 5_000_000,
    "/cgi-bin/user/info/updateremark": 10_000,
}


def limit_of(path: str) -> int:
    """How often a day a new account may call the path."""
    return LIMITS.get(path, DEFAULT)
