"""Finding, listing and describing fans by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, delete, func, or_, select, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.functions import coalesce

from saas.db import db, new_id
from saas.errors import Invalid, NotFound
from saas.tenancy.scope import current_scope
from saas.web.paging import Page, Sort, page_of
from tenants.accounts import services as accounts
from tenants.fans.domain.words import like_pattern
from tenants.fans.models import Fan, FanTag, Tag

LONGEST_REMARK = 200
LONGEST_TAG = 30
MOST_TAGS = 20
MOST_COUNTED = 10_000
MOST_EXPORTED = 100_000
_PLACES = (joinedload(Fan.account), joinedload(Fan.node), joinedload(Fan.channel))
_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_TAGGED = (Tag.tenant_id == FanTag.tenant_id) & (Tag.id == FanTag.tag_id)
_ACTIVE = coalesce(Fan.last_active_at, _NEVER)
SORTS: Mapping[str, Sort] = {
    "-created_at": Sort((Fan.id,), lambda fan: (fan.id,), descending=True),
    "created_at": Sort((Fan.id,), lambda fan: (fan.id,)),
    "-last_active_at": Sort((_ACTIVE, Fan.id), lambda fan: (fan.last_active_at or _NEVER, fan.id), descending=True),
    "last_active_at": Sort((_ACTIVE, Fan.id), lambda fan: (fan.last_active_at or _NEVER, fan.id)),
}


@dataclass(frozen=True, kw_only=True)
class FanFilter:
    """What a list of fans is narrowed to; everything left out doesn't narrow."""

    q: str = ""
    subscribed: bool | None = None
    source: str = ""
    tag: UUID | None = None
    channel: UUID | None = None
    active_since: datetime | None = None
    erased: bool | None = None
    sort: str = "-created_at"


def access_fan(fan_id: UUID, *, below: UUID | None = None) -> Fan:
    """The fan; raises NotFound when missing, foreign, out of the scope's sight, or not of the node `below`."""
    fan = db.session.get(Fan, (current_scope().tenant.id, fan_id), options=_PLACES)
    if fan is None or not (current_scope().sees(fan.account_id) or current_scope().sees(fan.node_id)):
        raise NotFound
    if below is not None and not accounts.subtree_ids(below) & {fan.account_id, fan.node_id}:
        raise NotFound
    return fan


def list_fans(account_id: UUID, wanted: FanFilter, *, cursor: str | None = None, limit: int = 50) -> Page[Fan]:
    """The fans of a node and all below it: those of its accounts, and those its codes brought to others."""
    return page_of(_narrowed(account_id, wanted).options(*_PLACES), sort=_sort(wanted), cursor=cursor, limit=limit)


def all_fans(account_id: UUID, wanted: FanFilter) -> Sequence[Fan]:
    """All fans that a filter finds, for a file; no more than a spreadsheet holds."""
    sort = _sort(wanted)
    order = [column.desc() if sort.descending else column.asc() for column in sort.columns]
    query = _narrowed(account_id, wanted).options(*_PLACES).order_by(*order)
    return db.session.scalars(query.limit(MOST_EXPORTED)).all()


def count_fans(account_id: UUID, wanted: FanFilter) -> int:
    """How many fans the filter finds; counts no further than MOST_COUNTED, so that a big brand's page stays quick."""
    found = _narrowed(account_id, wanted).with_only_columns(Fan.id).limit(MOST_COUNTED).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def fans_by_id(ids: Iterable[UUID]) -> Mapping[UUID, Fan]:
    """Fans by their ids, in one query; for other capabilities' lists."""
    wanted = set(ids)
    return {fan.id: fan for fan in db.session.scalars(select(Fan).where(Fan.id.in_(wanted)))} if wanted else {}


def fans_matching(q: str) -> Select[UUID]:
    """The ids of fans whose remark, tag or openid fits: a part of other capabilities' queries."""
    return select(Fan.id).where(_fits(q))


def tags_of(fans: Iterable[Fan]) -> Mapping[UUID, Sequence[Tag]]:
    """The tags of several fans, in one query, by name."""
    query = select(FanTag.fan_id, Tag).join(Tag, _TAGGED)
    found: dict[UUID, list[Tag]] = {fan.id: [] for fan in fans}
    if found:
        for fan_id, tag in db.session.execute(query.where(FanTag.fan_id.in_(found)).order_by(Tag.name)):
            found[fan_id].append(tag)
    return found


def list_tags(account_id: UUID) -> Sequence[Tag]:
    """The tags used at a node's accounts, by name."""
    nodes = accounts.subtree_ids(account_id)
    own = select(Fan.account_id).where(Fan.node_id.in_(nodes)).distinct()
    query = select(Tag).where(or_(Tag.account_id.in_(nodes), Tag.account_id.in_(own)))
    return db.session.scalars(query.order_by(Tag.name, Tag.id).limit(500)).all()


def update_fan(fan: Fan, values: Mapping[str, Any], *, version: int | None = None) -> Fan:
    """Changes remark and tags, where given. Raises StaleVersion, Invalid, and NotFound for an erased fan."""
    set_remark(fan, values.get("remark", fan.remark), version=version)
    if "tags" in values:
        set_tags(fan, values["tags"])
    return fan


def set_remark(fan: Fan, remark: str, *, version: int | None = None) -> Fan:
    """Notes something about a fan. Raises StaleVersion, and NotFound for an erased one: nothing may be noted of it."""
    fan.check_version(version)
    if fan.erased_at is not None:
        raise NotFound
    fan.remark = remark.strip()
    return fan


def set_tags(fan: Fan, names: Collection[str]) -> None:
    """Makes these the fan's tags and no others."""
    clean = _clean(names)
    present = {tag.name: tag for tag in tags_of([fan])[fan.id]}
    gone = [tag.id for name, tag in present.items() if name not in clean]
    if gone:
        db.session.execute(delete(FanTag).where(FanTag.fan_id == fan.id, FanTag.tag_id.in_(gone)))
    for name in sorted(clean - present.keys()):
        tag_fans([fan], name)


def tag_fans(fans: Sequence[Fan], name: str) -> int:
    """Puts a tag on many fans at once, making it where an account has none of that name; how many got it newly."""
    (clean,) = _clean([name]) or _refuse()
    kept = [fan for fan in fans if fan.erased_at is None]
    tags = _ensure_tags({fan.account_id for fan in kept}, clean)
    rows = [
        {"tenant_id": fan.tenant_id, "id": new_id(), "fan_id": fan.id, "tag_id": tags[fan.account_id]} for fan in kept
    ]
    if not rows:
        return 0
    put = insert(FanTag).values(rows).on_conflict_do_nothing(index_elements=["tenant_id", "fan_id", "tag_id"])
    return len(db.session.scalars(put.returning(FanTag.id)).all())


def untag_fans(fans: Sequence[Fan], name: str) -> int:
    """Takes a tag off many fans at once; how many had it."""
    tags = select(Tag.id).where(Tag.name == name.strip())
    gone = delete(FanTag).where(FanTag.fan_id.in_([fan.id for fan in fans]), FanTag.tag_id.in_(tags))
    return len(db.session.execute(gone.returning(FanTag.id)).all())


def access_fans(ids: Collection[UUID]) -> Sequence[Fan]:
    """Several fans; raises NotFound when any of them is missing or out of sight."""
    found = fans_by_id(ids)
    scope = current_scope()
    if any(one not in found for one in ids):
        raise NotFound
    if any(not (scope.sees(fan.account_id) or scope.sees(fan.node_id)) for fan in found.values()):
        raise NotFound
    return [found[one] for one in dict.fromkeys(ids)]


def _ensure_tags(account_ids: Collection[UUID], name: str) -> Mapping[UUID, UUID]:
    tenant_id = current_scope().tenant.id
    rows = [{"tenant_id": tenant_id, "id": new_id(), "account_id": one, "name": name} for one in sorted(account_ids)]
    if not rows:
        return {}
    put = insert(Tag).values(rows)
    # DO NOTHING would not return the ids of tags that are there.
    put = put.on_conflict_do_update(
        index_elements=["tenant_id", "account_id", "name"], set_={"name": put.excluded.name}
    )
    return dict(db.session.execute(put.returning(Tag.account_id, Tag.id)).all())


def _clean(names: Collection[str]) -> set[str]:
    clean = {name.strip() for name in names} - {""}
    if len(clean) > MOST_TAGS or any(len(name) > LONGEST_TAG for name in clean):
        raise Invalid({"tags": [_l("At most 20 tags, each of at most 30 characters.")]})
    return clean


def _refuse() -> set[str]:
    raise Invalid({"tag": [_l("Name the tag.")]})


def _sort(wanted: FanFilter) -> Sort:
    return SORTS.get(wanted.sort, SORTS["-created_at"])


def _narrowed(account_id: UUID, wanted: FanFilter) -> Select[Fan]:
    query = select(Fan)
    conditions = [*_place(account_id), *_state(wanted)]
    if wanted.q.strip():
        conditions.append(_fits(wanted.q))
    if wanted.tag is not None:
        conditions.append(Fan.id.in_(select(FanTag.fan_id).where(FanTag.tag_id == wanted.tag)))
    if wanted.channel is not None:
        conditions.append(Fan.channel_id == wanted.channel)
    return query.where(*conditions)


def _place(account_id: UUID) -> Iterable[ColumnElement[bool]]:
    node = accounts.access_account(account_id)
    if node.parent_id is None:
        return ()  # the top: every fan of the brand, which the scope has checked
    below = accounts.subtree_ids(account_id)
    return (or_(Fan.account_id.in_(below), Fan.node_id.in_(below)),)


def _state(wanted: FanFilter) -> Iterable[ColumnElement[bool]]:
    if wanted.subscribed is not None:
        yield Fan.subscribed.is_(wanted.subscribed)
        if wanted.subscribed:
            yield Fan.erased_at.is_(None)
    if wanted.erased is not None:
        yield Fan.erased_at.is_not(None) if wanted.erased else Fan.erased_at.is_(None)
    if wanted.source:
        yield Fan.source == wanted.source
    if wanted.active_since is not None:
        yield Fan.last_active_at >= wanted.active_since


def _fits(q: str) -> ColumnElement[bool]:
    # Three finds, each by its own index, and not one condition with OR that would read every fan.
    pattern = like_pattern(q.strip())
    known = select(Fan.id).where(Fan.openid == q.strip())
    noted = select(Fan.id).where(Fan.remark != "", Fan.remark.ilike(pattern))
    tagged = select(FanTag.fan_id).join(Tag, _TAGGED).where(Tag.name.ilike(pattern))
    return Fan.id.in_(union_all(known, noted, tagged))
