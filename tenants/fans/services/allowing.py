"""Whether a person may write to a fan now: what is left and until when, or why not and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from saas.errors import Sentence
from saas.wechat.quota import fans as quota
from tenants.accounts import services as accounts
from tenants.fans.models import Fan

FORGOTTEN = (_l("The fan is forgotten: there is nobody to write to."), "")
CUT_OFF = (
    _l("The account is not connected to WeChat, so nothing can be sent."),
    _l("Ask whoever manages your accounts to connect it."),
)
LEFT = (
    _l("The fan no longer follows the account: WeChat delivers nothing."),
    _l("When the fan comes back and writes, you may answer again."),
)
USED_UP = _l("As soon as the fan writes, you may answer again.")


@dataclass(frozen=True, slots=True)
class Allowed:
    """`left` is None for any number; with 0 nothing may go, and `advice` says what to do."""

    sentence: LazyString
    advice: Sentence = ""
    until: datetime | None = None
    left: int | None = 0
    takes_templates: bool = False

    @property
    def may_write(self) -> bool:
        """Whether one more message may be sent."""
        return self.left != 0


def allowed_for(fan: Fan) -> Allowed:
    """What may still be sent to a fan; template messages need a service account and no act of the fan's."""
    if fan.erased_at is not None:
        return Allowed(*FORGOTTEN)
    connection = accounts.find_connection(fan.account_id)
    if connection is None or connection.connection == "none" or connection.is_withdrawn:
        return Allowed(*CUT_OFF)
    if not fan.subscribed:
        return Allowed(*LEFT)
    found, takes = quota.of_fan(fan.account_id, fan.openid or ""), connection.service_type == "service"
    if not found.may_send:
        return Allowed(found.sentence, USED_UP, takes_templates=takes)
    return Allowed(found.sentence, until=found.until, left=found.left, takes_templates=takes)
