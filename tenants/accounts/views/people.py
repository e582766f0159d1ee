"""People: who works in the brand, in which role, on which accounts."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from saas.auth.entry import requires
from saas.auth.roles import BRAND_ROLES, ROLE_NAMES
from saas.tenancy.scope import current_scope
from saas.web.forms import Form, seen_version
from saas.web.render import render
from tenants.accounts import services
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.schemas import PersonSchema
from tenants.accounts.views.blueprints import PLACE, settings


@settings.get(f"{PLACE}/people")
@requires(AccountsPermission.PEOPLE_VIEW)
def people(account_id: UUID) -> str:
    """The people who may work at or below the picked account."""
    page = services.page_people(
        below=account_id,
        search=request.args.get("q", ""),
        role=request.args.get("role", ""),
        cursor=request.args.get("cursor"),
    )
    return render("accounts/people.html", page=page, role_names=ROLE_NAMES, roles=BRAND_ROLES)


@settings.get(f"{PLACE}/people/new")
@requires(AccountsPermission.PEOPLE_EDIT)
def person_new(account_id: UUID) -> str:
    """The form of an invitation."""
    form = Form(PersonSchema(), {"account_ids": [account_id], "role": services.fitting_role(account_id)})
    return render("accounts/person.html", form=form, person=None, **_choices())


@settings.post(f"{PLACE}/people/new")
@requires(AccountsPermission.PEOPLE_EDIT)
def person_invite(account_id: UUID) -> str:
    """Invites; the link is shown this once."""
    values = Form(PersonSchema()).load()
    person, token = services.invite_person(**values)
    return _link(person, token)


@settings.get(f"{PLACE}/people/<uuid:membership_id>")
@requires(AccountsPermission.PEOPLE_VIEW)
def person(account_id: UUID, membership_id: UUID) -> str:
    """The form of a person's role and accounts."""
    found = services.access_person(membership_id)
    values = {"name": found.name, "role": found.role, "version": found.version}
    form = Form(PersonSchema(), {**values, "account_ids": [one for one, _name in found.accounts]})
    return render("accounts/person.html", form=form, person=found, **_choices())


@settings.post(f"{PLACE}/people/<uuid:membership_id>")
@requires(AccountsPermission.PEOPLE_EDIT)
def person_update(account_id: UUID, membership_id: UUID) -> Response:
    """Gives another role or other accounts."""
    form = Form(PersonSchema(exclude=("name",)))
    values = form.load()
    services.change_person(services.access_person(membership_id), version=form.version, **values)
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.settings.people"))


@settings.post(f"{PLACE}/people/<uuid:membership_id>/link")
@requires(AccountsPermission.PEOPLE_EDIT)
def person_link(account_id: UUID, membership_id: UUID) -> str:
    """A new link in place of the old one."""
    found = services.access_person(membership_id)
    return _link(found, services.invite_again(found))


@settings.post(f"{PLACE}/people/<uuid:membership_id>/remove")
@requires(AccountsPermission.PEOPLE_EDIT)
def person_remove(account_id: UUID, membership_id: UUID) -> Response:
    """Takes the role away."""
    found = services.access_person(membership_id)
    services.remove_person(found, version=seen_version())
    flash(_("%(name)s has no access to this brand any more.", name=found.name), "success")
    return redirect(url_for("accounts.settings.people"))


def _link(person: services.Person, token: str) -> str:
    link = url_for("auth.invitation", token=token, _external=True)
    return render("accounts/_invited.html", person=person, link=link, role_names=ROLE_NAMES)


def _choices() -> dict[str, object]:
    roles = [(role.value, ROLE_NAMES[role]) for role in services.roles_to_give(current_scope())]
    return {"roles": roles, "nodes": services.pick(), "role_names": ROLE_NAMES}
