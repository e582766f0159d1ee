"""The verbs of rules: list, make, change, switch, delete, try."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, Text, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH

from saas import clock
from saas.db import db
from saas.errors import Invalid, NotFound, StaleVersion
from saas.tenancy.scope import current_scope
from saas.web.paging import Page, Sort, page_of
from saas.wechat import versions
from tenants.accounts import services as accounts
from tenants.library import services as library
from tenants.rules.domain.clashing import Clash, clashes
from tenants.rules.domain.explaining import Explanation, explain
from tenants.rules.domain.matching import CompiledRules, compile_rules
from tenants.rules.domain.patterns import MOST_STEPS, steps_of
from tenants.rules.domain.places import Place
from tenants.rules.domain.replying import MEDIA_OPTIONS, Outcome, Shelf, media_of, outcome
from tenants.rules.domain.stimulus import Stimulus
from tenants.rules.domain.triggers import MatchKind, RuleSpec
from tenants.rules.domain.weighing import PLACE_BYTES
from tenants.rules.errors import PatternsTooLarge, RuleLocked, TooManyRules, TooManyTriggers
from tenants.rules.models import Rule
from tenants.rules.ports import reply_actions

MOST_RULES = 2000
MOST_TRIGGERS = 20_000
"""Of all rules of an account: every callback process keeps them, and one message may fit them all."""
EDITABLE = ("name", "enabled", "priority", "triggers", "replies", "starts_at", "ends_at", "daily_from", "daily_to")


@dataclass(frozen=True, kw_only=True)
class RuleFilter:
    """Which rules of an account a list shows, and in which order."""

    search: str = ""
    type: str | None = None
    enabled: bool | None = None
    sort: str = "-priority"


@dataclass(frozen=True)
class LoadedRules:
    """All that is needed to answer for one account without asking the database again."""

    compiled: CompiledRules
    shelf: Shelf

    @property
    def weight(self) -> int:
        """About how many bytes they take in memory."""
        return self.compiled.weight + len(self.shelf.places) * PLACE_BYTES


@dataclass(frozen=True)
class Trial:
    """What a fan would get, and why."""

    explanation: Explanation
    outcome: Outcome


def access_rule(account_id: UUID, rule_id: UUID) -> Rule:
    """The rule of the account; raises NotFound when missing, of another account, or another tenant's."""
    rule: Rule | None = db.session.scalar(select(Rule).where(Rule.id == rule_id, Rule.account_id == account_id))
    if rule is None:
        raise NotFound
    return rule


def list_rules(account_id: UUID, wanted: RuleFilter, *, cursor: str | None = None, limit: int = 50) -> Page[Rule]:
    """One page of an account's rules."""
    return page_of(_filtered(account_id, wanted), sort=_sort(wanted.sort), cursor=cursor, limit=limit)


def count_rules(account_id: UUID) -> int:
    """How many rules the account has."""
    return db.session.scalar(select(func.count()).where(Rule.account_id == account_id)) or 0


def create_rule(account_id: UUID, values: Mapping[str, Any]) -> Rule:
    """Makes a rule of checked values; raises NotFound for foreign media, a Conflict when the account is full."""
    versions.bump([account_id])  # first: who else edits the account waits, so that both are counted
    if count_rules(account_id) >= MOST_RULES:
        raise TooManyRules
    _check_room(account_id, before=[], after=values["triggers"])
    _need_media(values, account_id)
    rule = Rule(account_id=account_id, **{name: values[name] for name in EDITABLE if name in values})
    _check_dates(rule)
    db.session.add(rule)
    db.session.flush()  # the answer carries the id and the version
    return rule


def update_rule(rule: Rule, values: Mapping[str, Any], version: int | None = None) -> Rule:
    """Changes what `values` names; raises StaleVersion when `version` is no longer the present one, a Conflict when
    the account is full.
    """
    _check_editable(rule, version)
    versions.bump([rule.account_id])
    _check_room(rule.account_id, before=rule.triggers, after=values.get("triggers", rule.triggers))
    _need_media(values, rule.account_id)
    for name in EDITABLE:
        if name in values:
            setattr(rule, name, values[name])
    _check_dates(rule)
    db.session.flush()  # the answer carries the new version
    return rule


def delete_rule(rule: Rule, version: int | None = None) -> None:
    """Removes a rule; raises StaleVersion when `version` is no longer the present one."""
    _check_editable(rule, version)
    db.session.delete(rule)
    versions.bump([rule.account_id])


def change_rules(account_id: UUID, rule_ids: Sequence[UUID], act: str) -> int:
    """Enables, disables or deletes several rules at once, or none of them; raises NotFound and RuleLocked."""
    wanted = set(rule_ids)
    rules = db.session.scalars(select(Rule).where(Rule.account_id == account_id, Rule.id.in_(wanted))).all()
    if len(rules) != len(wanted):
        raise NotFound
    for rule in rules:
        _check_editable(rule, None)
        _ACTS[act](rule)
    versions.bump([account_id])
    return len(rules)


def _enable(rule: Rule) -> None:
    rule.enabled = True


def _disable(rule: Rule) -> None:
    rule.enabled = False


_ACTS: Mapping[str, Callable[[Rule], None]] = {
    "delete": lambda rule: db.session.delete(rule),
    "disable": _disable,
    "enable": _enable,
}


def is_answering(account_id: UUID) -> bool:
    """Whether messages reach the account: it has a WeChat account of its own."""
    connection = accounts.find_connection(account_id)
    return connection is not None and connection.connection != "none"


def list_clashes(rule: Rule) -> list[Clash]:
    """Keywords of the rule that another rule of the account waits for as well; at most a few, one per other rule."""
    return clashes(_specs(rule.account_id), rule.id)


def load_rules(account_id: UUID) -> LoadedRules:
    """The account's switched-on rules ready to answer, with what their replies refer to."""
    return _loaded(account_id, [rule for rule in _specs(account_id) if rule.enabled])


def try_message(account_id: UUID, stimulus: Stimulus, now: datetime | None = None) -> Trial:
    """What a fan would get at a moment, and why; looks at switched-off rules as well. Changes nothing."""
    loaded = _loaded(account_id, _specs(account_id))
    found = explain(loaded.compiled, stimulus, now or clock.now())
    replies = found.match.rule.replies if found.match else ()
    return Trial(found, outcome(replies, stimulus, loaded.shelf))


def _specs(account_id: UUID) -> list[RuleSpec]:
    zone = ZoneInfo(current_scope().tenant.time_zone)
    rules = db.session.scalars(select(Rule).where(Rule.account_id == account_id).order_by(Rule.id))
    return [rule.spec(zone) for rule in rules]


def _loaded(account_id: UUID, rules: Sequence[RuleSpec]) -> LoadedRules:
    replies = [reply for rule in rules for reply in rule.replies]
    wanted = {UUID(media_id) for media_id in media_of(replies)}
    media = library.resolve_media(wanted, account_id) if wanted else {}
    places = _places() if any(reply.type == "nearest_store" for reply in replies) else ()
    effects = {action.type: action.effect for action in reply_actions().values()}
    shelf = Shelf({str(ours): theirs for ours, theirs in media.items()}, places, effects)
    return LoadedRules(compile_rules(rules), shelf)


def _places() -> tuple[Place, ...]:
    return tuple(
        Place(
            name=point.name,
            services=tuple(point.services),
            address=point.address,
            city=point.city,
            district=point.district,
            latitude=point.latitude,
            longitude=point.longitude,
            phone=point.phone,
            opening_hours=point.opening_hours,
        )
        for point in accounts.list_store_points()
    )


def _check_editable(rule: Rule, version: int | None) -> None:
    if version is not None and rule.version != version:
        raise StaleVersion
    if rule.lock == "locked":
        raise RuleLocked


def _check_room(account_id: UUID, *, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> None:
    """Whether a rule's triggers may become others; who has too many from before may still have fewer."""
    mine = Rule.account_id == account_id
    more = len(after) - len(before)
    if more > 0:
        there = db.session.scalar(select(func.sum(func.jsonb_array_length(Rule.triggers))).where(mine)) or 0
        if there + more > MOST_TRIGGERS:
            raise TooManyTriggers
    more = steps_of(_patterns(after)) - steps_of(_patterns(before))
    if more > 0:
        patterns = db.session.scalars(
            select(func.jsonb_path_query(Rule.triggers, cast(_PATTERNS, JSONPATH))).where(mine)
        )
        if steps_of(patterns) + more > MOST_STEPS:
            raise PatternsTooLarge


_PATTERNS = '$[*] ? (@.match == "regex").value'


def _patterns(triggers: Sequence[Mapping[str, Any]]) -> list[str]:
    return [trigger["value"] for trigger in triggers if trigger.get("match") == MatchKind.REGEX]


def _check_dates(rule: Rule) -> None:
    if rule.starts_at and rule.ends_at and rule.ends_at <= rule.starts_at:
        raise Invalid({"ends_at": [_l("The end must lie after the start.")]})


def _need_media(values: Mapping[str, Any], account_id: UUID) -> None:
    shown = {reply[name] for reply in values.get("replies", ()) for name in MEDIA_OPTIONS if reply.get(name)}
    library.need_media([UUID(media_id) for media_id in sorted(shown)], account_id)


def _filtered(account_id: UUID, wanted: RuleFilter) -> Select[Any]:
    query = select(Rule).where(Rule.account_id == account_id)
    if wanted.enabled is not None:
        query = query.where(Rule.enabled.is_(wanted.enabled))
    if wanted.type:
        query = query.where(Rule.triggers.contains([{"type": wanted.type}]))
    if wanted.search:
        words = cast(func.jsonb_path_query_array(Rule.triggers, cast("$[*].value", JSONPATH)), Text)
        query = query.where(
            or_(
                Rule.name.icontains(wanted.search, autoescape=True),
                words.icontains(wanted.search, autoescape=True),
            )
        )
    return query


_SORTS: Mapping[str, tuple[str, ...]] = {"priority": ("priority", "id"), "name": ("name", "id"), "created": ("id",)}


def _sort(name: str) -> Sort:
    columns = _SORTS[name.removeprefix("-")]
    return Sort(
        columns=tuple(getattr(Rule, column) for column in columns),
        key=lambda rule: tuple(getattr(rule, column) for column in columns),
        descending=name.startswith("-"),
    )
