"""Template messages: a template of the account, its fields filled, as an effect to one fan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from saas.errors import Conflict, Invalid, NotFound, Sentence
from saas.wechat.outbox import OutboxRow, TemplateMessage
from tenants.fans import services as fans
from tenants.library import services as library

NOT_TAKEN = _l("Template messages can be sent to followers of a connected service account only.")

UNKNOWN_TEMPLATE = 40037


@dataclass(frozen=True, slots=True)
class FilledTemplate:
    """The effect, and the words that the fan will read."""

    effect: TemplateMessage
    words: str


def fill_template(fan: fans.Fan, template_id: str, data: Mapping[str, str], *, url: str = "") -> FilledTemplate:
    """The template with its fields filled, checked as far as we know it: one we have never read is WeChat's to check.

    Raises Conflict where the account or the fan takes no templates, and Invalid with the field's name.
    """
    if not fans.allowed_for(fan).takes_templates:
        raise Conflict(NOT_TAKEN)
    try:
        template = library.find_template(fan.account_id, template_id)
    except NotFound:
        words = "\n".join(data.values())
    else:
        _check(template, data)
        words = f"{template.title}\n{library.fill(template.content, data)}"
    effect = TemplateMessage(openid=fan.openid or "", template_id=template_id, data=dict(data), url=url)
    return FilledTemplate(effect, words)


def read_again(row: OutboxRow) -> None:
    """Has the account's templates read anew when WeChat doesn't know one of them any more."""
    if row.errcode == UNKNOWN_TEMPLATE and not library.templates_of(row.account_id).is_being_read:
        library.ask_templates(row.account_id)


def _check(template: library.Template, data: Mapping[str, str]) -> None:
    wrong: dict[str, list[Sentence]] = {}
    for field in library.fields_of(template):
        value = data.get(field.name, "").strip()
        if not value:
            wrong[f"data.{field.name}"] = [_l("Please fill this in.")]
        elif len(value) > field.longest:
            wrong[f"data.{field.name}"] = [_l("WeChat takes at most %(n)s characters here.", n=field.longest)]
    if wrong:
        raise Invalid(wrong)
