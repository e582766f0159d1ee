"""The page on which an agency, or the platform's operator, takes on a new brand."""

from __future__ import annotations

from flask import g, redirect
from werkzeug.wrappers import Response

from saas.auth import services
from saas.auth.entry import requires
from saas.auth.permissions import AuthPermission
from saas.auth.schemas import TenantSchema
from saas.auth.views import blueprint
from saas.web.forms import Form
from saas.web.render import render


@blueprint.get("/brands/new")
@requires(AuthPermission.TENANTS_CREATE)
def new_brand() -> str:
    """The form."""
    form = Form(TenantSchema(), {"time_zone": "Asia/Shanghai"})
    return render("auth/brand.html", form=form, agencies=services.list_agencies(g.identity))


@blueprint.post("/brands/new")
@requires(AuthPermission.TENANTS_CREATE)
def create_brand() -> Response:
    """Creates the brand; an agency goes on to its first account, the operator sees no content."""
    tenant = services.create_tenant(g.identity, **Form(TenantSchema()).load())
    return redirect("/platform" if services.is_operator(g.identity) else f"/t/{tenant.id}/")
