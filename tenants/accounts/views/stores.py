"""Stores: addresses where fans are served."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from saas.auth.entry import requires
from saas.web.forms import Form, seen_version
from saas.web.render import render
from tenants.accounts import services
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.schemas import StoreSchema
from tenants.accounts.views.blueprints import PLACE, blueprint


@blueprint.get(f"{PLACE}/stores")
@requires(AccountsPermission.STORES_VIEW)
def stores(account_id: UUID) -> str:
    """The stores at and below the picked account."""
    search, cursor = request.args.get("q", ""), request.args.get("cursor")
    return render("accounts/stores.html", page=services.page_stores(below=account_id, search=search, cursor=cursor))


@blueprint.get(f"{PLACE}/stores/new")
@requires(AccountsPermission.STORES_EDIT)
def store_new(account_id: UUID) -> str:
    """The form of a new store."""
    form = Form(StoreSchema(), {"account_id": account_id})
    return render("accounts/store.html", form=form, store=None, nodes=services.pick())


@blueprint.post(f"{PLACE}/stores/new")
@requires(AccountsPermission.STORES_EDIT)
def store_create(account_id: UUID) -> Response:
    """Creates it."""
    values = Form(StoreSchema()).load()
    store = services.create_store(values, account_id=values["account_id"])
    flash(_("%(name)s was created.", name=store.name), "success")
    return redirect(url_for("accounts.stores"))


@blueprint.get(f"{PLACE}/stores/<uuid:store_id>")
@requires(AccountsPermission.STORES_VIEW)
def store(account_id: UUID, store_id: UUID) -> str:
    """The form of a store."""
    found = services.access_store(store_id)
    return render("accounts/store.html", form=Form.of(StoreSchema(), found), store=found, nodes=services.pick())


@blueprint.post(f"{PLACE}/stores/<uuid:store_id>")
@requires(AccountsPermission.STORES_EDIT)
def store_update(account_id: UUID, store_id: UUID) -> Response:
    """Saves it."""
    form = Form(StoreSchema())
    values = form.load()
    services.update_store(services.access_store(store_id), values, version=form.version)
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.stores"))


@blueprint.post(f"{PLACE}/stores/<uuid:store_id>/delete")
@requires(AccountsPermission.STORES_EDIT)
def store_delete(account_id: UUID, store_id: UUID) -> Response:
    """Forgets a store."""
    services.delete_store(services.access_store(store_id), version=seen_version())
    flash(_("The store was deleted."), "success")
    return redirect(url_for("accounts.stores"))
