"""The manifest of the inbox."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.capability import Capability, PersonalData
from saas.web.menu import MenuItem
from tenants.inbox import api, demo, services, views
from tenants.inbox.domain import HAND_OVER, Reason
from tenants.inbox.handlers import observe, observe_sent
from tenants.inbox.permissions import GRANTS, InboxPermission
from tenants.inbox.schemas import HandOverSchema
from tenants.rules.ports import ReplyAction

HAND_OVER_REPLY = ReplyAction(
    type="hand_over",
    label=_l("Hand over to a person"),
    help=_l("Opens a conversation in the inbox; the fan reads your words meanwhile."),
    effect=HAND_OVER,
    schema=HandOverSchema,
    icon="headset",
    reasons=((Reason.COMPLAINT.value, _l("Complaint")),),
)

CAPABILITY = Capability(
    name="inbox",
    blueprint=views.blueprint,
    api=api.blueprint,
    permissions=InboxPermission,
    grants=GRANTS,
    menu=(
        MenuItem(
            endpoint="inbox.index",
            label=_l("Inbox"),
            icon="inbox",
            permission=InboxPermission.INBOX_VIEW,
            order=20,
            count=services.count_waiting,
        ),
    ),
    observe=observe,
    observe_sent=observe_sent,
    todo=services.list_todos,
    demo=demo.fill,
    personal_data=PersonalData(export=services.export_fan, erase=services.erase_fan),
    offers={"reply_actions": (HAND_OVER_REPLY,)},
)
