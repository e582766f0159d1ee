"""The wizard that connects an account: enter, copy to WeChat's console, test."""

from __future__ import annotations

import base64
import secrets
from uuid import UUID

from flask import current_app, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from saas.auth.entry import requires
from saas.web.forms import Form, seen_version
from saas.web.render import render
from saas.wechat.outward import callback_base
from tenants.accounts import services
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.schemas import AccountSchema, ConnectionSchema
from tenants.accounts.views import words
from tenants.accounts.views.blueprints import PLACE, blueprint


@blueprint.get(f"{PLACE}/account/connect")
@requires(AccountsPermission.ACCOUNTS_CONNECT)
def connect_form(account_id: UUID) -> str:
    """Step 1: what WeChat's console shows, and the token and key that we propose."""
    account = services.access_with_connection(account_id)
    form = Form.of(AccountSchema(), account)
    if not account.is_connected:
        form.values.update(token=secrets.token_hex(12), encoding_aes_key=_new_key(), mode="safe")
        form.values.update(service_type=form.value("service_type") or "service")
    return render("accounts/connect.html", node=account, form=form, labels=words)


@blueprint.post(f"{PLACE}/account/connect")
@requires(AccountsPermission.ACCOUNTS_CONNECT)
def connect(account_id: UUID) -> str:
    """Step 2: what is to be typed into WeChat's console, shown this once."""
    form = Form(ConnectionSchema())
    values = form.load()
    connection = services.connect_account(services.access_account(account_id), values, version=form.version)
    address = services.callback_address(callback_base(), connection)
    return render("accounts/_connected.html", values=values, connection=connection, address=address, labels=words)


@blueprint.get(f"{PLACE}/account/check")
@requires(AccountsPermission.ACCOUNTS_CONNECT)
def check_page(account_id: UUID) -> str:
    """Step 3: the self-test."""
    return render("accounts/check.html", **_found(account_id))


@blueprint.get(f"{PLACE}/account/check/steps")
@requires(AccountsPermission.ACCOUNTS_CONNECT)
def steps(account_id: UUID) -> str:
    """What the self-test has found so far."""
    return render("accounts/_steps.html", **_found(account_id))


@blueprint.post(f"{PLACE}/account/check")
@requires(AccountsPermission.ACCOUNTS_CONNECT)
def check(account_id: UUID) -> str:
    """Runs the self-test."""
    services.check_connection(account_id, callback_base=callback_base())
    return render("accounts/_steps.html", **_found(account_id))


@blueprint.post(f"{PLACE}/account/disconnect")
@requires(AccountsPermission.ACCOUNTS_CONNECT)
def disconnect(account_id: UUID) -> Response:
    """Breaks the connection off."""
    services.disconnect_account(services.access_account(account_id), version=seen_version())
    flash(_("The account is disconnected. Its fans and figures stay."), "success")
    return redirect(url_for("accounts.show"))


def _found(account_id: UUID) -> dict[str, object]:
    connection = services.access_connection(account_id)
    return {
        "connection": connection,
        "health": services.health_of(connection),
        "address": services.callback_address(callback_base(), connection),
        "phone_url": current_app.config["SETTINGS"].simulator_url,
        "labels": words,
    }


def _new_key() -> str:
    # WeChat takes letters and digits only, and the 43rd holds four bits of the key.
    while not (key := base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")).isalnum():
        pass
    return key
