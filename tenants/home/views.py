"""The landing pages."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, g, redirect, url_for
from werkzeug.wrappers import Response

from saas.auth.entry import public, requires
from saas.auth.identity import Identity
from saas.auth.permissions import AuthPermission
from saas.auth.roles import Role
from saas.tenancy.scope import current_scope
from saas.web.filters import has_endpoint
from saas.web.render import render
from tenants.home.permissions import HomePermission
from tenants.home.services.brands import list_brands
from tenants.home.services.deployment import count_tenants, read_health
from tenants.home.services.homes import find_top, read_home

blueprint = Blueprint("home", __name__)
SEVERAL_BRANDS = frozenset({Role.AGENCY_ADMIN, Role.AGENCY_STAFF})
INBOX = "inbox.index"


@blueprint.get("/")
@public
def front() -> str | Response:
    """Leads everybody to where their work is."""
    identity: Identity | None = g.identity
    if identity is None:
        return redirect(url_for("auth.login"))
    address = _landing(identity)
    return redirect(address) if address else render("home/nothing.html")


@blueprint.get("/t/<uuid:tenant_id>/")
@requires(HomePermission.HOME_VIEW)
def brand() -> str | Response:
    """Leads to the highest account that the person sees; a new brand begins here."""
    top = find_top()
    return render("home/empty.html") if top is None else redirect(url_for("home.index", account_id=top.id))


@blueprint.get("/t/<uuid:tenant_id>/a/<uuid:account_id>/")
@requires(HomePermission.HOME_VIEW)
def index(account_id: UUID) -> str | Response:
    """The home page for the picked account; agents work in the inbox."""
    if current_scope().principal.role == Role.INBOX_AGENT and has_endpoint(INBOX):
        return redirect(url_for(INBOX, account_id=account_id))
    return render("home/index.html", home=read_home(account_id, current_app.extensions["capabilities"]))


@blueprint.get("/overview")
@requires(AuthPermission.OVERVIEW_VIEW)
def overview() -> str:
    """The brands of an agency, those that need somebody first."""
    lines = list_brands(g.identity, current_app.extensions["rights"].grants, current_app.extensions["capabilities"])
    return render("home/overview.html", lines=lines)


@blueprint.get("/platform")
@requires(AuthPermission.PLATFORM_VIEW)
def platform() -> str:
    """The deployment's health and its tenants by counts."""
    return render("home/platform.html", health=read_health(), tenants=count_tenants())


def _landing(identity: Identity) -> str | None:
    if Role.PLATFORM_ADMIN in identity.roles:
        return url_for("home.platform")
    if identity.roles & SEVERAL_BRANDS:
        return url_for("home.overview")
    brands = [membership.tenant_id for membership in identity.memberships if membership.tenant_id is not None]
    return url_for("home.brand", tenant_id=brands[0]) if brands else None
