"""The verbs of people: who works in the brand, in which role, on which accounts.

Memberships stand in the directory, which row-level security doesn't guard: every query here names the tenant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm.attributes import flag_modified

from saas.auth.roles import BRAND_ROLES, WHOLE_TREE, Role
from saas.auth.services import create_invitation
from saas.db import db, new_id
from saas.errors import Forbidden, Invalid, NotFound
from saas.tenancy.models import Membership, User
from saas.tenancy.scope import TenantScope, current_scope
from saas.web.paging import Page, Sort, page_of
from tenants.accounts.domain import Kind
from tenants.accounts.models import Account, Grant
from tenants.accounts.services.positions import nodes_below
from tenants.accounts.services.tree import access_account

BY_COMING = Sort((Membership.id,), lambda membership: (membership.id,))
SHOWN_NAME = func.coalesce(User.name, Membership.invited_name)


@dataclass(frozen=True)
class Person:
    """One membership as pages show it; `login` is empty while the person is invited."""

    membership_id: UUID
    user_id: UUID | None
    name: str
    login: str
    role: Role
    version: int
    accounts: tuple[tuple[UUID, str], ...]
    expires_at: datetime | None

    @property
    def is_invited(self) -> bool:
        """Whether the link was not used yet."""
        return self.user_id is None


def page_people(*, below: UUID, search: str = "", role: str = "", cursor: str | None = None) -> Page[Person]:
    """The people who may work at or below a node, in the order of their coming; at the top all of the brand's."""
    query = _seen()
    if access_account(below).parent_id is not None:
        query = query.where(Membership.id.in_(_holders(nodes_below([below]))))
    if search:
        names = (SHOWN_NAME, User.email, User.mobile)
        query = query.where(or_(*(column.icontains(search, autoescape=True) for column in names)))
    if role:
        query = query.where(Membership.role == role)
    page = page_of(query, sort=BY_COMING, cursor=cursor)
    return Page(_people([membership.id for membership in page.items]), page.next_cursor)


def access_person(membership_id: UUID) -> Person:
    """One membership of the brand; raises NotFound when it is missing, foreign or out of sight."""
    if db.session.scalar(_seen().where(Membership.id == membership_id)) is None:
        raise NotFound
    return _people([membership_id])[0]


def roles_to_give(scope: TenantScope) -> Sequence[Role]:
    """The roles that one may give: none above one's own, and by those who see a part of the tree only such ones."""
    ranks = [Role.AGENCY_ADMIN, *BRAND_ROLES]
    own = scope.principal.role
    roles = BRAND_ROLES if own not in ranks else ranks[ranks.index(Role(own)) :]
    return [role for role in roles if role in BRAND_ROLES and (scope.accounts is None or role not in WHOLE_TREE)]


def fitting_role(account_id: UUID) -> Role:
    """Whom one most likely invites at a node."""
    fitting = {Kind.REGION: Role.REGION_MANAGER, Kind.STORE: Role.STORE_MANAGER}
    return fitting.get(access_account(account_id).sort, Role.BRAND_HQ)


def invite_person(*, name: str, role: Role, account_ids: Iterable[UUID]) -> tuple[Person, str]:
    """A membership without a person yet, and the token of its link, shown once. Raises Forbidden, Invalid, NotFound."""
    accounts = _check_grants(role, account_ids)
    membership = Membership(
        id=new_id(), tenant_id=current_scope().tenant.id, user_id=None, role=role.value, invited_name=name
    )
    token = create_invitation(membership)
    db.session.add(membership)
    _grant(membership.id, accounts)
    db.session.flush()  # the person is read back with names
    return _people([membership.id])[0], token


def invite_again(person: Person) -> str:
    """A new link in place of the old one; raises Forbidden when the person has come already."""
    membership = _access_to_change(person)
    if membership.user_id is not None:
        raise Forbidden
    return create_invitation(membership)


def change_person(person: Person, *, role: Role, account_ids: Iterable[UUID], version: int | None = None) -> Person:
    """Gives another role or other accounts; raises Forbidden, Invalid, NotFound and StaleVersion."""
    membership = _access_to_change(person)
    membership.check_version(version)
    accounts = _check_grants(role, account_ids)
    if membership.role == role:
        flag_modified(membership, "role")  # grants have no version of their own: theirs is the membership's
    membership.role = role.value
    _grant(membership.id, accounts)
    db.session.flush()  # the person is read back with names
    return _people([membership.id])[0]


def remove_person(person: Person, *, version: int | None = None) -> None:
    """Takes the role away, with its grants and API tokens, at once. The person may keep roles elsewhere."""
    membership = _access_to_change(person)
    membership.check_version(version)
    _grant(membership.id, ())
    db.session.delete(membership)


def _access_to_change(person: Person) -> Membership:
    scope = current_scope()
    if person.role not in roles_to_give(scope) or person.membership_id == scope.principal.membership_id:
        raise Forbidden
    if any(not scope.sees(account_id) for account_id, _name in person.accounts):
        raise Forbidden
    return db.session.get_one(Membership, person.membership_id)


def _check_grants(role: Role, account_ids: Iterable[UUID]) -> Sequence[Account]:
    if role not in roles_to_give(current_scope()):
        raise Forbidden
    if role in WHOLE_TREE:
        return ()
    accounts = [access_account(account_id) for account_id in sorted(set(account_ids))]
    if not accounts:
        raise Invalid({"account_ids": [_l("Choose at least one account for this role.")]})
    return accounts


def _grant(membership_id: UUID, accounts: Iterable[Account]) -> None:
    # One by one and only what differs: the audit shows which account came and which went.
    held = {
        grant.account_id: grant
        for grant in db.session.scalars(select(Grant).where(Grant.membership_id == membership_id))
    }
    wanted = {account.id for account in accounts}
    for account_id in held.keys() - wanted:
        db.session.delete(held[account_id])
    db.session.add_all(Grant(membership_id=membership_id, account_id=one) for one in wanted - held.keys())


def _seen() -> Select[Membership]:
    scope = current_scope()
    query = select(Membership).outerjoin(User, User.id == Membership.user_id)
    query = query.where(Membership.tenant_id == scope.tenant.id, Membership.disabled_at.is_(None))
    return query if scope.accounts is None else query.where(Membership.id.in_(_holders(scope.accounts)))


def _holders(accounts: frozenset[UUID]) -> Select[UUID]:
    return select(Grant.membership_id).where(Grant.account_id.in_(accounts))


def _people(ids: Sequence[UUID]) -> Sequence[Person]:
    query = select(Membership, User).outerjoin(User, User.id == Membership.user_id).where(Membership.id.in_(ids))
    granted = select(Grant.membership_id, Account.id, Account.name).join(
        Account, (Account.tenant_id == Grant.tenant_id) & (Account.id == Grant.account_id)
    )
    held: dict[UUID, list[tuple[UUID, str]]] = {}
    for membership_id, account_id, name in db.session.execute(
        granted.where(Grant.membership_id.in_(ids)).order_by(Account.name, Account.id)
    ):
        held.setdefault(membership_id, []).append((account_id, name))
    found = db.session.execute(query.order_by(Membership.id)).all()
    return [_person(membership, user, tuple(held.get(membership.id, ()))) for membership, user in found]


def _person(membership: Membership, user: User | None, accounts: tuple[tuple[UUID, str], ...]) -> Person:
    return Person(
        membership_id=membership.id,
        user_id=membership.user_id,
        name=user.name if user else membership.invited_name,
        login=(user.email or user.mobile or "") if user else "",
        role=Role(membership.role),
        version=membership.version,
        accounts=accounts,
        expires_at=membership.invitation_expires_at,
    )
