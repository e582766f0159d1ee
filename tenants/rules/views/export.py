"""The list of rules as a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _

from saas.web.sheets import Sheet
from tenants.rules.domain.triggers import ReplySpec, Trigger
from tenants.rules.models import Rule
from tenants.rules.views import labels
from tenants.rules.views.rows import row_of


def rules_sheet(rules: Iterable[Rule]) -> Sheet:
    """One row per rule."""
    heads = [_("Rule"), _("Trigger"), _("Answer"), _("Priority"), _("State")]
    return Sheet(_("Auto replies"), heads, (_row(rule) for rule in rules))


def _row(rule: Rule) -> Sequence[str]:
    row = row_of(rule)
    triggers = "；".join(_trigger(one) for one in row.spec.triggers)
    replies = "\n".join(_reply(one) for one in row.spec.replies)
    return [rule.name, triggers, replies, str(rule.priority), str(labels.STANDINGS[row.standing])]


def _trigger(trigger: Trigger) -> str:
    value = labels.MESSAGES[trigger.value] if trigger.type == "message_type" else trigger.value
    known = [labels.TRIGGERS[trigger.type], labels.MATCHES[trigger.match] if trigger.match else "", value]
    return " · ".join(str(one) for one in known if one)


def _reply(reply: ReplySpec) -> str:
    said = reply.options.get("content") or reply.options.get("title")
    return said or str(labels.reply_labels().get(reply.type, reply.type))
