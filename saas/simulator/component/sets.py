"""Permission sets: what an account's owner may let a platform do, and which APIs need which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from saas.simulator.errcodes import Refused

MESSAGES = 1
SETS: Mapping[int, tuple[LazyString, LazyString]] = {
    1: (_l("Messages"), _l("Receive what fans send, answer, and write to them as customer service")),
    2: (_l("Users"), _l("Read the list of followers, set tags and remarks, read the figures of followers")),
    3: (_l("Account service"), _l("Make QR codes with parameters")),
    4: (_l("Web pages"), _l("Ask a person on a web page who they are; only one platform may at a time")),
    7: (_l("Mass messages and notices"), _l("Send to all followers and send template messages")),
    11: (_l("Materials"), _l("Upload and fetch pictures, voice and video")),
    15: (_l("Custom menus"), _l("Set the menu below the chat")),
}
DEFAULT = (1, 2, 3, 4, 7, 11, 15)
EXCLUSIVE = 4
NEEDED: tuple[tuple[str, int], ...] = (
    ("/cgi-bin/message/custom/", 1),
    ("/cgi-bin/message/", 7),
    ("/cgi-bin/template/", 7),
    ("/cgi-bin/user/", 2),
    ("/cgi-bin/tags/", 2),
    ("/cgi-bin/qrcode/", 3),
    ("/cgi-bin/media/", 11),
    ("/cgi-bin/menu/", 15),
    ("/cgi-bin/get_current_selfmenu_info", 15),
    ("/datacube/getuser", 2),
    ("/datacube/getupstream", 1),
    ("/datacube/getinterface", 1),
    ("/datacube/", 7),
)


def needed_for(path: str) -> int | None:
    """The set without which an API refuses a platform; None when any will do."""
    return next((number for start, number in NEEDED if path.startswith(start)), None)


def known(values: object) -> tuple[int, ...]:
    """The numbers of sets, sorted and without repeats. Raises Refused for one that does not exist."""
    if not isinstance(values, Iterable):
        raise Refused("sets is a list of numbers")
    numbers = sorted({int(one) for one in map(str, values) if one.isdecimal()})
    if not set(numbers) <= set(SETS):
        raise Refused(f"sets are some of {', '.join(map(str, SETS))}")
    return tuple(numbers)


def func_info(granted: Iterable[int]) -> list[dict[str, object]]:
    """The sets as the API tells them."""
    confirm = {"need_confirm": 0, "already_confirm": 0, "can_confirm": 0}
    return [
        {"funcscope_category": {"id": number}, **({"confirm_info": confirm} if number == EXCLUSIVE else {})}
        for number in granted
    ]
