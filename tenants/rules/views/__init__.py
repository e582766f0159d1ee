"""The pages of 自动回复."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from saas.auth.entry import requires
from saas.web.forms import Form
from saas.web.paging import MOST, every_row
from saas.web.queries import read_query
from saas.web.render import is_fragment, render
from saas.web.sheets import send_sheet
from tenants.rules import services
from tenants.rules.models import Rule
from tenants.rules.permissions import RulesPermission
from tenants.rules.schemas import BulkSchema, RuleListQuery, RuleSchema, SwitchSchema, TrySchema, stimulus_of
from tenants.rules.views import labels
from tenants.rules.views.choices import form_choices
from tenants.rules.views.export import rules_sheet
from tenants.rules.views.rows import row_of

blueprint = Blueprint("rules", __name__, url_prefix="/t/<uuid:tenant_id>/a/<uuid:account_id>/rules")


@blueprint.get("")
@requires(RulesPermission.RULES_VIEW)
def index(account_id: UUID) -> str:
    """The account's rules."""
    query = read_query(RuleListQuery())
    cursor, limit = query.pop("cursor"), query.pop("limit")
    page = services.list_rules(account_id, services.RuleFilter(**query), cursor=cursor, limit=limit)
    return render(
        "rules/list.html",
        rows=[row_of(rule) for rule in page.items],
        next_cursor=page.next_cursor,
        total=services.count_rules(account_id),
        connected=services.is_answering(account_id),
        labels=labels,
    )


@blueprint.get("/export.<any(csv, xlsx):form>")
@requires(RulesPermission.RULES_VIEW)
def export(account_id: UUID, form: str) -> Response:
    """What the list shows, as a file."""
    query = read_query(RuleListQuery(exclude=("cursor", "limit")))
    wanted = services.RuleFilter(**query)
    rules = every_row(lambda cursor: services.list_rules(account_id, wanted, cursor=cursor, limit=MOST))
    return send_sheet(rules_sheet(rules), form)


@blueprint.get("/new")
@requires(RulesPermission.RULES_EDIT)
def new(account_id: UUID) -> str:
    """An empty form, with one trigger and one reply to start from."""
    form = Form(RuleSchema(), _start(request.args))
    return render("rules/form.html", form=form, rule=None, choices=form_choices())


@blueprint.post("")
@requires(RulesPermission.RULES_EDIT)
def create(account_id: UUID) -> Response:
    """Makes a rule."""
    return _saved(services.create_rule(account_id, Form(RuleSchema()).load()))


@blueprint.get("/<uuid:rule_id>")
@requires(RulesPermission.RULES_VIEW)
def edit(account_id: UUID, rule_id: UUID) -> str:
    """A rule in its form."""
    rule = services.access_rule(account_id, rule_id)
    return render("rules/form.html", form=Form.of(RuleSchema(), rule), rule=rule, choices=form_choices())


@blueprint.post("/<uuid:rule_id>")
@requires(RulesPermission.RULES_EDIT)
def update(account_id: UUID, rule_id: UUID) -> Response:
    """Changes a rule."""
    rule, form = services.access_rule(account_id, rule_id), Form(RuleSchema())
    return _saved(services.update_rule(rule, form.load(), form.version))


@blueprint.post("/<uuid:rule_id>/switch")
@requires(RulesPermission.RULES_EDIT)
def switch(account_id: UUID, rule_id: UUID) -> str:
    """Switches a rule on or off; answers with its row."""
    rule, form = services.access_rule(account_id, rule_id), Form(SwitchSchema())
    services.update_rule(rule, form.load(), form.version)
    return render("rules/_row.html", row=row_of(rule), labels=labels)


@blueprint.post("/<uuid:rule_id>/delete")
@requires(RulesPermission.RULES_EDIT)
def delete(account_id: UUID, rule_id: UUID) -> Response:
    """Removes a rule."""
    rule, form = services.access_rule(account_id, rule_id), Form(SwitchSchema(partial=True))
    form.load()
    services.delete_rule(rule, form.version)
    flash(_("“%(name)s” is deleted.", name=rule.name), "success")
    return redirect(url_for("rules.index"))


@blueprint.post("/bulk")
@requires(RulesPermission.RULES_EDIT)
def change_many(account_id: UUID) -> Response:
    """Enables, disables or deletes the ticked rules."""
    values = Form(BulkSchema()).load()
    count = services.change_rules(account_id, values["ids"], values["act"])
    flash(_("%(count)s rules changed; it counts from the next message on.", count=count), "success")
    return redirect(url_for("rules.index"))


@blueprint.get("/tester")
@requires(RulesPermission.RULES_VIEW)
def tester(account_id: UUID) -> str:
    """Try a message or an event: the answer as in the chat, and why."""
    values = read_query(TrySchema())
    trial = services.try_message(account_id, stimulus_of(values), values["at"]) if request.args else None
    template = "rules/_trial.html" if is_fragment() else "rules/tester.html"
    return render(template, values=values, trial=trial, labels=labels)


def _saved(rule: Rule) -> Response:
    flash(_("“%(name)s” is saved and counts from the next message on.", name=rule.name), "success")
    for clash in services.list_clashes(rule):
        flash(_("“%(word)s” also stands in the rule “%(name)s”; %(first)s answers it.", **vars(clash)), "warning")
    return redirect(url_for("rules.index"))


def _start(given: Mapping[str, str]) -> dict[str, Any]:
    trigger = {"type": given.get("type", "keyword"), "match": "contains", "value": given.get("value", "")}
    return {
        "name": given.get("name", ""),
        "enabled": True,
        "priority": 0,
        "triggers": [trigger],
        "replies": [{"type": "text", "content": ""}],
    }
