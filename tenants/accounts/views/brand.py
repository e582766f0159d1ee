"""The brand's own settings."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from saas.auth.entry import requires
from saas.web.forms import Form
from saas.web.render import render
from tenants.accounts import services
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.schemas import BrandSchema
from tenants.accounts.views.blueprints import PLACE, settings

ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "UTC")


@settings.get(f"{PLACE}/settings")
@requires(AccountsPermission.SETTINGS_VIEW)
def brand(account_id: UUID) -> str:
    """The form of the brand."""
    tenant = services.access_brand()
    form = Form.of(BrandSchema(), tenant)
    form.values["version"] = tenant.version
    zones = [(zone, zone) for zone in dict.fromkeys((*ZONES, tenant.time_zone))]
    return render("accounts/brand.html", form=form, zones=zones)


@settings.post(f"{PLACE}/settings")
@requires(AccountsPermission.SETTINGS_EDIT)
def brand_update(account_id: UUID) -> Response:
    """Saves it."""
    form = Form(BrandSchema())
    values = form.load()
    services.change_brand(values, version=form.version)
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.settings.brand"))
