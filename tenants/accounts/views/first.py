"""The first account of a brand: the one of its headquarters."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from saas.auth.entry import requires
from saas.web.forms import Form
from saas.web.render import render
from tenants.accounts import services
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.schemas import NodeSchema
from tenants.accounts.services import Kind
from tenants.accounts.views.blueprints import blueprint


@blueprint.get("/t/<uuid:tenant_id>/accounts/first")
@requires(AccountsPermission.ACCOUNTS_EDIT)
def new_central() -> str:
    """The form; there is one such account per brand."""
    return render("accounts/first.html", form=Form(NodeSchema()))


@blueprint.post("/t/<uuid:tenant_id>/accounts/first")
@requires(AccountsPermission.ACCOUNTS_EDIT)
def create_central() -> Response:
    """Creates it, and goes on to connecting it."""
    account = services.add_account({**Form(NodeSchema()).load(), "kind": Kind.CENTRAL})
    flash(_("%(name)s was created.", name=account.name), "success")
    return redirect(url_for("accounts.connect_form", account_id=account.id))
