"""Why the Open Platform can't be used just now, in words; to whoever calls as an account, errors like WeChat's own."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.wechat.errors import WeChatError

NO_COMPONENT, TICKET_EXPIRED, CODE_INVALID, CODE_USED = 61011, 61005, 61009, 61010
NOT_AUTHORISED, NOT_RENEWABLE = 61003, 61023


class ComponentNotSetUp(WeChatError):
    """This deployment has no third-party platform of its own."""

    code = "component_not_set_up"
    status = 409
    sentence = _l(
        "Connecting by scanning is not set up here: the operator must register a third-party platform with WeChat and "
        "enter its AppID and keys. Until then, connect the account by its own AppID and secret."
    )

    def __init__(self) -> None:
        super().__init__(NO_COMPONENT)
        self.shown = self.sentence


class TicketMissing(WeChatError):
    """WeChat has pushed no ticket in the last twelve hours; asked for, it pushes one every ten minutes."""

    code = "component_ticket_missing"
    status = 503
    sentence = _l(
        "WeChat has not sent this platform its ticket yet. It comes every ten minutes; try again in a moment. "
        "If it stays away, the operator must check the address of authorisation events at the Open Platform."
    )

    def __init__(self) -> None:
        super().__init__(TICKET_EXPIRED)
        self.shown = self.sentence
