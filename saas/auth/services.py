"""The verbs of people, log-ins, tokens and tenants. Plain arguments, no commit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select, update

from saas import clock
from saas.auth.identity import SESSION_LIFE, Identity, hash_token, new_token
from saas.auth.passwords import hash_password, verify_password
from saas.auth.roles import Role
from saas.db import db, new_id
from saas.errors import Forbidden, Invalid, NotFound, StaleVersion
from saas.security.audit import note
from saas.security.secrets import new_wrapped_key
from saas.tenancy.models import Agency, ApiToken, Membership, Tenant, User, UserSession
from saas.web.paging import Page, Sort, page_of

BY_NAME = Sort((Tenant.name, Tenant.id), key=lambda tenant: (tenant.name, tenant.id))
INVITATION_LIFE = timedelta(days=7)
_MOBILE = re.compile(r"\+?[0-9]{6,15}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Shown:
    """A secret that is shown once, and what it belongs to."""

    id: UUID
    token: str


def normalise_login(login: str) -> str:
    """An e-mail address in lower case, or a mobile number without spaces and dashes; raises Invalid."""
    plain = login.strip().lower()
    if _EMAIL.fullmatch(plain):
        return plain
    digits = re.sub(r"[\s-]", "", plain)
    if _MOBILE.fullmatch(digits):
        return digits
    raise Invalid({"login": [_l("Enter an e-mail address or a mobile number.")]})


def log_in(login: str, password: str, *, address: str, device: str) -> Shown:
    """Checks the password and opens a session; raises Invalid with one sentence for every reason."""
    plain = login.strip().lower()
    wanted = plain if "@" in plain else re.sub(r"[\s-]", "", plain)
    user = db.session.scalar(
        select(User).where(or_(User.email == wanted, User.mobile == wanted), User.disabled_at.is_(None))
    )
    fits = verify_password(user.password_hash if user else None, password)
    if user is None or not fits:
        raise Invalid({"password": [_l("Login or password is wrong.")]})
    return open_session(user.id, address=address, device=device)


def open_session(user_id: UUID, *, address: str, device: str) -> Shown:
    """A new session of a person; its token is known to the browser alone."""
    token, session_id = new_token(), new_id()
    db.session.add(
        UserSession(
            id=session_id,
            user_id=user_id,
            token_hash=hash_token(token),
            expires_at=clock.now() + SESSION_LIFE,
            address=address,
            device=device[:200],
        )
    )
    return Shown(session_id, token)


def list_sessions(user_id: UUID) -> Sequence[UserSession]:
    """The sessions of a person that are still open, the latest first."""
    query = select(UserSession).where(
        UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.expires_at > clock.now()
    )
    return db.session.scalars(query.order_by(UserSession.last_seen_at.desc())).all()


def revoke_session(user_id: UUID, session_id: UUID) -> None:
    """Ends one session of a person; raises NotFound when it isn't theirs."""
    query = select(UserSession).where(UserSession.id == session_id, UserSession.user_id == user_id)
    session = db.session.scalar(query)
    if session is None:
        raise NotFound
    session.revoked_at = clock.now()


def revoke_all_sessions(user_id: UUID, *, but: UUID | None = None) -> None:
    """Ends every session of a person, or every other one."""
    statement = update(UserSession).where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
    if but is not None:
        statement = statement.where(UserSession.id != but)
    ended = db.session.scalars(statement.values(revoked_at=clock.now()).returning(UserSession.id)).all()
    note("update", "user_sessions", revoked=ended)


def change_password(identity: Identity, *, old: str, new: str) -> None:
    """Sets a new password and ends every other session; raises Invalid when the old one is wrong."""
    user = db.session.get_one(User, identity.user_id)
    if not verify_password(user.password_hash, old):
        raise Invalid({"old_password": [_l("The present password is wrong.")]})
    user.password_hash = hash_password(new)
    revoke_all_sessions(user.id, but=identity.session_id)


def set_language(user_id: UUID, language: str) -> None:
    """Remembers the language a person reads."""
    db.session.get_one(User, user_id).language = language


def create_user(login: str, *, name: str, password: str) -> User:
    """A new person; raises Invalid when the login is taken or malformed or the password too short."""
    plain = normalise_login(login)
    if find_user(plain) is not None:
        raise Invalid({"login": [_l("This login is taken. Log in with it, or use another.")]})
    email, mobile = (plain, None) if "@" in plain else (None, plain)
    user = User(id=new_id(), email=email, mobile=mobile, name=name, password_hash=hash_password(password))
    db.session.add(user)
    db.session.flush()  # sessions and memberships refer to the person by id
    return user


def find_user(login: str) -> User | None:
    """The person with a normalised login."""
    return db.session.scalar(select(User).where(or_(User.email == login, User.mobile == login)))


def create_invitation(membership: Membership) -> str:
    """Gives a membership a link's token for seven days; the token is shown once."""
    token = new_token()
    membership.invitation_hash = hash_token(token)
    membership.invitation_expires_at = clock.now() + INVITATION_LIFE
    return token


def access_invitation(token: str) -> Membership:
    """The open invitation of a link; raises NotFound when it is unknown, used or too old."""
    query = select(Membership).where(
        Membership.invitation_hash == hash_token(token),
        Membership.invitation_expires_at > clock.now(),
        Membership.disabled_at.is_(None),
    )
    membership = db.session.scalar(query)
    if membership is None:
        raise NotFound(_l("This invitation was used already or is too old. Ask for a new one."))
    return membership


def accept_invitation(token: str, *, login: str, name: str, password: str) -> User:
    """Makes the invited person (or takes a known one who gives the right password) the holder of the membership."""
    membership = access_invitation(token)
    known = find_user(normalise_login(login))
    if known is None:
        known = create_user(login, name=name, password=password)
    elif known.disabled_at is not None or not verify_password(known.password_hash, password):
        raise Invalid({"password": [_l("This login exists already: enter its password.")]})
    membership.user_id = known.id
    membership.invitation_hash = None
    membership.invitation_expires_at = None
    return known


def list_tokens(membership_id: UUID) -> Sequence[ApiToken]:
    """The API tokens of a membership that are not revoked."""
    query = select(ApiToken).where(ApiToken.membership_id == membership_id, ApiToken.revoked_at.is_(None))
    return db.session.scalars(query.order_by(ApiToken.created_at)).all()


def create_token(membership_id: UUID, *, name: str, scopes: Sequence[str], held: frozenset[str]) -> Shown:
    """A key for a program, narrowed to `scopes` (empty: all of the role's). Raises Forbidden beyond what one holds."""
    if any(scope not in held for scope in scopes):
        raise Forbidden
    token, token_id = new_token(), new_id()
    db.session.add(
        ApiToken(id=token_id, membership_id=membership_id, name=name, token_hash=hash_token(token), scopes=list(scopes))
    )
    return Shown(token_id, token)


def revoke_token(membership_id: UUID, token_id: UUID) -> None:
    """Ends a token of the membership; raises NotFound."""
    query = select(ApiToken).where(ApiToken.id == token_id, ApiToken.membership_id == membership_id)
    token = db.session.scalar(query)
    if token is None:
        raise NotFound
    token.revoked_at = clock.now()


def check_time_zone(name: str) -> str:
    """The name, if the IANA database knows it; raises Invalid."""
    if name not in available_timezones():
        raise Invalid({"time_zone": [_l("Unknown time zone. Example: Asia/Shanghai.")]})
    return name


def list_visible_tenants(identity: Identity) -> Sequence[Tenant]:
    """The brands that a person may open, by name; a platform administrator sees the names of all."""
    return db.session.scalars(_visible_tenants(identity).order_by(Tenant.name, Tenant.id)).all()


def page_visible_tenants(identity: Identity, *, cursor: str | None, limit: int) -> Page[Tenant]:
    """The same, a page at a time."""
    return page_of(_visible_tenants(identity), sort=BY_NAME, cursor=cursor, limit=limit)


def access_tenant(identity: Identity, tenant_id: UUID) -> Tenant:
    """One of the visible tenants; raises NotFound for all others alike."""
    for tenant in list_visible_tenants(identity):
        if tenant.id == tenant_id:
            return tenant
    raise NotFound


def is_operator(identity: Identity) -> bool:
    """Whether the person runs the platform itself: creates brands for any agency, and enters none."""
    return Role.PLATFORM_ADMIN in identity.roles


def list_agencies(identity: Identity) -> Sequence[Agency]:
    """The agencies that the person may create a brand for, by name."""
    query = select(Agency).order_by(Agency.name, Agency.id)
    if not is_operator(identity):
        query = query.where(Agency.id.in_(identity.agency_ids))
    return db.session.scalars(query).all()


def create_tenant(identity: Identity, *, name: str, time_zone: str, agency_id: UUID | None = None) -> Tenant:
    """A new brand of one's agency; a platform administrator names the agency. Raises Forbidden, Invalid, NotFound."""
    agency = _agency_for(identity, agency_id)
    tenant_id = new_id()
    tenant = Tenant(
        id=tenant_id,
        agency_id=agency,
        name=name,
        time_zone=check_time_zone(time_zone),
        wrapped_key=new_wrapped_key(tenant_id),
    )
    db.session.add(tenant)
    return tenant


def update_tenant(tenant: Tenant, *, version: int | None, **values: object) -> Tenant:
    """Changes name, time zone, accent or the erasing delay; raises StaleVersion and Invalid."""
    if version is not None and version != tenant.version:
        raise StaleVersion
    if "time_zone" in values:
        check_time_zone(str(values["time_zone"]))
    if values.get("erase_after_days") and not values.get("erase_reason", tenant.erase_reason):
        raise Invalid({"erase_reason": [_l("Say why the data is kept after a fan has left.")]})
    for name, value in values.items():
        setattr(tenant, name, value)
    return tenant


def _visible_tenants(identity: Identity) -> Select[Tenant]:
    query = select(Tenant)
    if is_operator(identity):
        return query
    own = [m.tenant_id for m in identity.memberships if m.tenant_id is not None]
    return query.where(or_(Tenant.id.in_(own), Tenant.agency_id.in_(identity.agency_ids)))


def _agency_for(identity: Identity, agency_id: UUID | None) -> UUID:
    if is_operator(identity):
        if agency_id is None or db.session.get(Agency, agency_id) is None:
            raise Invalid({"agency_id": [_l("Name the agency that the brand belongs to.")]})
        return agency_id
    own = identity.agency_ids
    if agency_id is not None and agency_id not in own:
        raise Invalid({"agency_id": [_l("Name the agency that the brand belongs to.")]})
    if not own:
        raise Forbidden
    return agency_id or min(own)
