"""The pages of logging in, one's own sessions and tokens, and the audit."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, current_app, g, make_response, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as Answer

from saas.auth import audits, services
from saas.auth.entry import SessionUser, public, requires
from saas.auth.identity import recognise_session
from saas.auth.permissions import AuthPermission
from saas.auth.schemas import InvitationSchema, LoginSchema, PasswordSchema, TokenSchema
from saas.errors import Forbidden, Invalid
from saas.security.headers import hide_address
from saas.security.limits import limiter
from saas.tenancy.scope import Principal, current_scope
from saas.web.forms import Form
from saas.web.i18n import LANGUAGES
from saas.web.menu import menu
from saas.web.render import render

blueprint = Blueprint("auth", __name__)


def _login_typed() -> str:
    """Whose password is tried: an attacker with many addresses gets no more tries at one person."""
    return request.form.get("login", "").strip().lower()[:200] or "nobody"


def _who() -> str:
    """Whose own password is tried, in a session that may be a stranger's by now."""
    return str(g.principal.user_id)


@blueprint.get("/login")
@public
def login() -> str:
    """The log-in form."""
    return render("auth/login.html", form=Form(LoginSchema()))


@blueprint.post("/login")
@public
@limiter.limit("20/minute")
@limiter.limit("10/minute", key_func=_login_typed)
def log_in() -> tuple[str, int] | Answer:
    """Opens a session and leads to where the person wanted to go."""
    form = Form(LoginSchema())
    try:
        values = form.load()
        shown = services.log_in(values["login"], values["password"], address=_address(), device=_device())
    except Invalid as error:
        form.refuse(error)
        return render("auth/login.html", form=form), 422
    _begin(shown.token)
    return redirect(_safe_next())


@blueprint.post("/logout")
@public
def log_out() -> Answer:
    """Ends this session."""
    if g.identity is not None:
        services.revoke_session(g.identity.user_id, g.identity.session_id)
    logout_user()
    session.clear()
    return redirect(url_for("auth.login"))


@blueprint.get("/me/sessions")
@requires(AuthPermission.SELF_VIEW)
def sessions() -> str:
    """Where the person is logged in."""
    return render("auth/sessions.html", sessions=services.list_sessions(g.identity.user_id))


@blueprint.post("/me/sessions/<uuid:session_id>/revoke")
@requires(AuthPermission.SELF_EDIT)
def revoke_session(session_id: UUID) -> Answer:
    """Ends one of the person's sessions."""
    services.revoke_session(g.identity.user_id, session_id)
    return redirect(url_for("auth.sessions"))


@blueprint.post("/me/sessions/revoke-all")
@requires(AuthPermission.SELF_EDIT)
def revoke_all_sessions() -> Answer:
    """Logs the person out everywhere, here too."""
    services.revoke_all_sessions(g.identity.user_id)
    logout_user()
    session.clear()
    return redirect(url_for("auth.login"))


@blueprint.get("/me/password")
@requires(AuthPermission.SELF_VIEW)
def password() -> str:
    """The form for a new password."""
    return render("auth/password.html", form=Form(PasswordSchema()), changed=request.args.get("changed") == "1")


@blueprint.post("/me/password")
@requires(AuthPermission.SELF_EDIT)
@limiter.limit("20/minute", key_func=_who)
def change_password() -> tuple[str, int] | Answer:
    """Sets a new password; every other session ends."""
    form = Form(PasswordSchema())
    try:
        values = form.load()
        services.change_password(g.identity, old=values["old_password"], new=values["password"])
    except Invalid as error:
        form.refuse(error)
        return render("auth/password.html", form=form, changed=False), 422
    return redirect(url_for("auth.password", changed=1))


@blueprint.post("/me/language")
@public
def set_language() -> Answer:
    """Switches the language, for this browser and for the person."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        raise Invalid({"language": [_("Choose Chinese or English.")]})
    if g.identity is not None:
        services.set_language(g.identity.user_id, language)
    response = make_response(redirect(_safe_next()))
    response.set_cookie(
        "language",
        language,
        max_age=365 * 86400,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


@blueprint.get("/invitations/<token>")
@public
def invitation(token: str) -> str:
    """What an invited person sees."""
    hide_address()
    membership = services.access_invitation(token)
    return render("auth/invitation.html", form=Form(InvitationSchema()), membership=membership, token=token)


@blueprint.post("/invitations/<token>")
@public
@limiter.limit("20/minute")
def accept_invitation(token: str) -> tuple[str, int] | Answer:
    """Makes the invited person a member and logs them in."""
    hide_address()
    form, membership = Form(InvitationSchema()), services.access_invitation(token)
    try:
        user = services.accept_invitation(token, **form.load())
    except Invalid as error:
        form.refuse(error)
        return render("auth/invitation.html", form=form, membership=membership, token=token), 422
    _begin(services.open_session(user.id, address=_address(), device=_device()).token)
    return redirect("/")


@blueprint.get("/t/<uuid:tenant_id>/a/<uuid:account_id>/counts")
@requires(AuthPermission.TENANTS_VIEW)
def counts(account_id: UUID) -> dict[str, int]:
    """What waits behind each entry of the menu; asked again when the live stream names a topic."""
    return {item.topic: item.count for item in menu() if item.count}


@blueprint.get("/t/<uuid:tenant_id>/a/<uuid:account_id>/tokens")
@requires(AuthPermission.TOKENS_VIEW)
def tokens(account_id: UUID) -> str:
    """The person's API tokens in this brand."""
    return _tokens_page(Form(TokenSchema()))


@blueprint.post("/t/<uuid:tenant_id>/a/<uuid:account_id>/tokens")
@requires(AuthPermission.TOKENS_EDIT)
def create_token(account_id: UUID) -> str | tuple[str, int]:
    """Makes a token and shows it once."""
    form, scope = Form(TokenSchema()), current_scope()
    try:
        values = form.load()
    except Invalid:
        return _tokens_page(form), 422
    shown = services.create_token(_membership_id(), held=scope.permissions, **values)
    return _tokens_page(Form(TokenSchema()), shown=shown.token)


@blueprint.post("/t/<uuid:tenant_id>/a/<uuid:account_id>/tokens/<uuid:token_id>/revoke")
@requires(AuthPermission.TOKENS_EDIT)
def revoke_token(account_id: UUID, token_id: UUID) -> Answer:
    """Ends a token."""
    services.revoke_token(_membership_id(), token_id)
    return redirect(url_for("auth.tokens"))


@blueprint.get("/t/<uuid:tenant_id>/a/<uuid:account_id>/audit")
@requires(AuthPermission.AUDIT_VIEW)
def audit(account_id: UUID) -> str:
    """Who changed what in this brand."""
    page = audits.list_entries(request.args.get("q", ""), cursor=request.args.get("cursor"))
    return render("auth/audit.html", page=page, q=request.args.get("q", ""))


def _tokens_page(form: Form, shown: str | None = None) -> str:
    scope = current_scope()
    rows = services.list_tokens(_membership_id())
    return render("auth/tokens.html", form=form, tokens=rows, shown=shown, permissions=sorted(scope.permissions))


def _membership_id() -> UUID:
    membership_id = current_scope().principal.membership_id
    if membership_id is None:
        raise Forbidden
    return membership_id


def _begin(token: str) -> None:
    session.clear()  # a new id on login: nothing of the anonymous session stays
    g.identity = recognise_session(token)
    g.principal = Principal(role=g.principal.role, name=g.identity.name, user_id=g.identity.user_id)
    login_user(SessionUser(token, g.identity))


def _safe_next() -> str:
    target = request.values.get("next") or "/"
    try:
        parts = urlsplit(target)
    except ValueError:  # half an address of IPv6
        return "/"
    foreign = parts.scheme or parts.netloc or not target.startswith("/") or target.startswith(("//", "/\\"))
    return "/" if foreign else target


def _address() -> str:
    return request.remote_addr or ""


def _device() -> str:
    return request.user_agent.string
