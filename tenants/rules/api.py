"""/api/v1/tenants/…/accounts/…/rules: the replies of one account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from saas.auth.entry import requires
from saas.web.api import Blueprint, expected_version, page_schema, with_etag
from saas.web.paging import Page
from tenants.rules import services
from tenants.rules.models import Rule
from tenants.rules.permissions import RulesPermission
from tenants.rules.schemas import RuleChangeSchema, RuleListQuery, RuleSchema, TrialSchema, TrySchema, stimulus_of

blueprint = Blueprint(
    "rules_api",
    __name__,
    url_prefix="/api/v1/tenants/<uuid:tenant_id>/accounts/<uuid:account_id>/rules",
    description="Reply rules",
)


@blueprint.get("")
@requires(RulesPermission.RULES_VIEW)
@blueprint.arguments(RuleListQuery, location="query")
@blueprint.response(200, page_schema(RuleSchema))
def list_rules(query: dict[str, Any], account_id: UUID) -> Page[Rule]:
    """The account's rules."""
    cursor, limit = query.pop("cursor"), query.pop("limit")
    return services.list_rules(account_id, services.RuleFilter(**query), cursor=cursor, limit=limit)


@blueprint.post("")
@requires(RulesPermission.RULES_EDIT)
@blueprint.arguments(RuleSchema)
@blueprint.response(201, RuleSchema)
def create_rule(values: dict[str, Any], account_id: UUID) -> Response:
    """Makes a rule; it counts from the next message on."""
    return _shown(services.create_rule(account_id, values), 201)


@blueprint.get("/<uuid:rule_id>")
@requires(RulesPermission.RULES_VIEW)
@blueprint.response(200, RuleSchema)
def get_rule(account_id: UUID, rule_id: UUID) -> Response:
    """One rule."""
    return _shown(services.access_rule(account_id, rule_id))


@blueprint.put("/<uuid:rule_id>")
@requires(RulesPermission.RULES_EDIT)
@blueprint.arguments(RuleSchema)
@blueprint.response(200, RuleSchema)
def replace_rule(values: dict[str, Any], account_id: UUID, rule_id: UUID) -> Response:
    """Writes the whole rule anew."""
    return _shown(services.update_rule(services.access_rule(account_id, rule_id), values, expected_version()))


@blueprint.patch("/<uuid:rule_id>")
@requires(RulesPermission.RULES_EDIT)
@blueprint.arguments(RuleChangeSchema(partial=True))
@blueprint.response(200, RuleSchema)
def change_rule(values: dict[str, Any], account_id: UUID, rule_id: UUID) -> Response:
    """Changes the fields that are sent."""
    return _shown(services.update_rule(services.access_rule(account_id, rule_id), values, expected_version()))


@blueprint.delete("/<uuid:rule_id>")
@requires(RulesPermission.RULES_EDIT)
@blueprint.response(204)
def delete_rule(account_id: UUID, rule_id: UUID) -> None:
    """Removes a rule."""
    services.delete_rule(services.access_rule(account_id, rule_id), expected_version())


@blueprint.post("/try")
@requires(RulesPermission.RULES_VIEW)
@blueprint.arguments(TrySchema)
@blueprint.response(200, TrialSchema)
def try_rules(values: dict[str, Any], account_id: UUID) -> services.Trial:
    """What a fan would get for a message or an event, and why. Nothing is sent."""
    return services.try_message(account_id, stimulus_of(values), values["at"])


def _shown(rule: Rule, status: int = 200) -> Response:
    return with_etag(RuleSchema().dump(rule), rule.version, status)
