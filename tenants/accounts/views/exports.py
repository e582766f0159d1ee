"""The lists of accounts, stores and channel codes as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from flask import Response, request
from flask_babel import gettext as _

from saas.auth.entry import requires
from saas.web.filters import moment
from saas.web.paging import MOST, every_row
from saas.web.sheets import Sheet, send_sheet
from tenants.accounts import services
from tenants.accounts.models import Channel, Store
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.views import words
from tenants.accounts.views.blueprints import PLACE, blueprint
from tenants.accounts.views.tree import read_filter

FORM = "<any(csv, xlsx):form>"


@blueprint.get(f"{PLACE}/accounts/export.{FORM}")
@requires(AccountsPermission.ACCOUNTS_VIEW)
def export_accounts(account_id: UUID, form: str) -> Response:
    """The matrix as a file."""
    rows = services.matrix_rows(account_id, read_filter())
    return send_sheet(_accounts(rows), form)


@blueprint.get(f"{PLACE}/stores/export.{FORM}")
@requires(AccountsPermission.STORES_VIEW)
def export_stores(account_id: UUID, form: str) -> Response:
    """The stores as a file."""
    search = request.args.get("q", "")
    stores = every_row(lambda at: services.page_stores(below=account_id, search=search, cursor=at, limit=MOST))
    return send_sheet(_stores(stores), form)


@blueprint.get(f"{PLACE}/channels/export.{FORM}")
@requires(AccountsPermission.CHANNELS_VIEW)
def export_channels(account_id: UUID, form: str) -> Response:
    """The channel codes as a file."""
    search = request.args.get("q", "")
    codes = every_row(lambda at: services.page_channels(below=account_id, search=search, cursor=at, limit=MOST))
    return send_sheet(_channels(codes), form)


def _accounts(rows: Iterable[services.MatrixRow]) -> Sheet:
    heads = [_("Account"), _("Kind"), _("Connection"), _("Last message"), _("Stores"), _("Legal entity")]
    return Sheet(_("Account matrix"), heads, (_account(row) for row in rows))


def _account(row: services.MatrixRow) -> Sequence[str]:
    state, _colour = words.CONDITIONS[row.condition]
    heard = moment(row.last_callback_at) if row.last_callback_at else ""
    kind = words.KINDS[row.account.kind]
    return [row.path, str(kind), str(state), heard, str(row.stores), row.account.legal_entity]


def _stores(stores: Iterable[Store]) -> Sheet:
    heads = [
        _("Store"), _("City"), _("District"), _("Street address"), _("Telephone"), _("Opening hours"), _("Services"),
        _("Latitude (GCJ-02)"), _("Longitude (GCJ-02)"),
    ]  # fmt: skip
    return Sheet(_("Stores"), heads, (_store(one) for one in stores))


def _store(store: Store) -> Sequence[str]:
    place = [str(value) if value is not None else "" for value in (store.latitude, store.longitude)]
    known = [store.name, store.city, store.district, store.address, store.phone, store.opening_hours]
    return [*known, "，".join(store.services), *place]


def _channels(codes: Iterable[Channel]) -> Sheet:
    heads = [_("Channel code"), _("Scene"), _("Counts for"), _("Code of"), _("State"), _("Made"), _("Address")]
    return Sheet(_("Channel codes"), heads, (_channel(one) for one in codes))


def _channel(code: Channel) -> Sequence[str]:
    state, _colour = words.CODE_STATES[code.state]
    return [code.name, code.scene, code.node.name, code.account.name, str(state), moment(code.created_at), code.url]
