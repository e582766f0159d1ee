"""What goes out: an effect is a row, written with the change that wants it, and sent after the commit.

Words: an *effect* is one message to one receiver, or one call that changes something at WeChat. It is *planned*, *sending*,
and then *done*, *refused* (WeChat or our ledger said no) or *unknown* (the call was cut in flight). Promises: nothing is
sent before it is written down, nothing that WeChat can't recognise is ever sent twice by a machine, what goes to one fan
goes in the order planned, and nothing planned is forgotten. A template message that was taken and later reported as
failed becomes refused after all. A person may send an unknown effect again: that is a new row.
"""

from saas.wechat.outbox.effects import Choice, CustomMessage, Effect, MenuReply, TemplateMessage, own_media
from saas.wechat.outbox.errors import NothingLeft, NotOver
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.outbox.planning import plan
from saas.wechat.outbox.reading import access_effect, list_effects, list_of_fan, resend, words
from saas.wechat.outbox.states import Reason, State

__all__ = [
    "Choice",
    "CustomMessage",
    "Effect",
    "MenuReply",
    "NotOver",
    "NothingLeft",
    "OutboxRow",
    "Reason",
    "State",
    "TemplateMessage",
    "access_effect",
    "list_effects",
    "list_of_fan",
    "own_media",
    "plan",
    "resend",
    "words",
]
