"""Clearing an account's counters of the day."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from saas.auth.entry import requires
from tenants.accounts import services
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.views.blueprints import PLACE, blueprint


@blueprint.post(f"{PLACE}/account/counters")
@requires(AccountsPermission.ACCOUNTS_CONNECT)
def clear_counters(account_id: UUID) -> Response:
    """Has WeChat forget the day's calls."""
    services.clear_counters(account_id)
    flash(_("WeChat is being asked to clear the counters. The result stands beside them."), "info")
    return redirect(url_for("accounts.show"))
