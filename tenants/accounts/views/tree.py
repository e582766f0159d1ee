"""The matrix, one account, and what changes the tree."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from saas.auth.entry import requires
from saas.web.forms import Form, seen_version
from saas.web.render import render
from saas.wechat.outward import callback_base
from tenants.accounts import services
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.schemas import AccountChangeSchema, AccountSchema
from tenants.accounts.services import Condition, Kind
from tenants.accounts.views import words
from tenants.accounts.views.blueprints import PLACE, blueprint
from tenants.accounts.views.permission_sets import describe_sets


@blueprint.get(f"{PLACE}/accounts")
@requires(AccountsPermission.ACCOUNTS_VIEW)
def index(account_id: UUID) -> str:
    """The matrix below the picked account."""
    wanted = read_filter()
    found = services.matrix(account_id, wanted, cursor=request.args.get("cursor"))
    return render("accounts/list.html", matrix=found, wanted=wanted, labels=words)


def read_filter() -> services.MatrixFilter:
    """The filter of the address."""
    return services.MatrixFilter(
        search=request.args.get("q", ""),
        kind=request.args.get("kind", ""),
        condition=request.args.get("condition", ""),
        archived=request.args.get("archived") == "true",
    )


@blueprint.get(f"{PLACE}/accounts/attention")
@requires(AccountsPermission.ACCOUNTS_VIEW)
def attention(account_id: UUID) -> Response:
    """Leads to the accounts whose connection needs attention."""
    return redirect(url_for("accounts.index", condition=Condition.TROUBLE.value))


@blueprint.get("/t/<uuid:tenant_id>/picker")
@requires(AccountsPermission.ACCOUNTS_VIEW)
def picker() -> str:
    """The list behind the picker of the top bar: the whole visible tree, or the 50 best hits of `q`."""
    return render("accounts/_picker.html", nodes=services.pick(request.args.get("q", "")))


@blueprint.get(f"{PLACE}/account")
@requires(AccountsPermission.ACCOUNTS_VIEW)
def show(account_id: UUID) -> str:
    """One account."""
    account = services.access_with_connection(account_id)
    return render(
        "accounts/show.html",
        node=account,
        path=services.path_to(account),
        stores=services.list_stores_at(account_id),
        health=services.health_of(account.connection) if account.connection else None,
        condition=services.condition_of(account),
        address=services.callback_address(callback_base(), account.connection) if account.connection else "",
        permission_sets=describe_sets(account.connection.permission_sets if account.connection else ()),
        may_scan=services.may_scan(),
        limits=services.limits_of(account.connection) if account.connection else None,
        labels=words,
    )


@blueprint.get(f"{PLACE}/accounts/new")
@requires(AccountsPermission.ACCOUNTS_ADD)
def new(account_id: UUID) -> str:
    """The form of an account below the picked one."""
    form = Form(AccountSchema(), {"kind": request.args.get("kind", Kind.STORE), "parent_id": account_id})
    return render("accounts/new.html", form=form, parents=services.list_parents(), labels=words)


@blueprint.post(f"{PLACE}/accounts/new")
@requires(AccountsPermission.ACCOUNTS_ADD)
def create(account_id: UUID) -> Response:
    """Creates it."""
    account = services.add_account(Form(AccountSchema()).load())
    flash(_("%(name)s was created.", name=account.name), "success")
    return redirect(url_for("accounts.show", account_id=account.id))


@blueprint.get(f"{PLACE}/account/edit")
@requires(AccountsPermission.ACCOUNTS_EDIT)
def edit(account_id: UUID) -> str:
    """The form of name, legal entity and profile."""
    account = services.access_with_connection(account_id)
    return render("accounts/edit.html", node=account, form=Form.of(AccountSchema(), account))


@blueprint.post(f"{PLACE}/account/edit")
@requires(AccountsPermission.ACCOUNTS_EDIT)
def update(account_id: UUID) -> Response:
    """Saves it."""
    form = Form(AccountChangeSchema(only=("name", "legal_entity", "profile")))
    values = form.load()
    services.update_account(services.access_account(account_id), values, version=form.version)
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.show"))


@blueprint.get(f"{PLACE}/account/move")
@requires(AccountsPermission.ACCOUNTS_EDIT)
def move_form(account_id: UUID) -> str:
    """The form of the new parent."""
    account = services.access_with_connection(account_id)
    parents = services.list_parents(but=account_id)
    return render("accounts/move.html", node=account, parents=parents, form=Form.of(AccountSchema(), account))


@blueprint.post(f"{PLACE}/account/move")
@requires(AccountsPermission.ACCOUNTS_EDIT)
def move(account_id: UUID) -> Response:
    """Moves the account and all below it."""
    form = Form(AccountChangeSchema(only=("parent_id",)))
    parent_id = form.load().get("parent_id", account_id)
    account = services.move_account(services.access_account(account_id), parent_id=parent_id, version=form.version)
    flash(_("%(name)s was moved. Past months keep the old tree.", name=account.name), "success")
    return redirect(url_for("accounts.show"))


@blueprint.post(f"{PLACE}/account/archive")
@requires(AccountsPermission.ACCOUNTS_EDIT)
def archive(account_id: UUID) -> Response:
    """Takes the account out of use."""
    account = services.archive_account(services.access_account(account_id), version=seen_version())
    flash(_("%(name)s was archived. Its data and figures stay.", name=account.name), "success")
    return redirect(url_for("accounts.show"))


@blueprint.post(f"{PLACE}/account/restore")
@requires(AccountsPermission.ACCOUNTS_EDIT)
def restore(account_id: UUID) -> Response:
    """Takes the account back into use."""
    services.restore_account(services.access_account(account_id), version=seen_version())
    flash(_("The account is in use again."), "success")
    return redirect(url_for("accounts.show"))
