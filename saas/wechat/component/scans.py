"""A scan from its beginning to the tokens it grants: the way to WeChat's page, and the code that comes back."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app

from saas.db import db
from saas.tenancy.directory import find_account
from saas.tenancy.scope import enter_directory
from saas.wechat.component.api import Authorizer
from saas.wechat.component.errors import NOT_RENEWABLE
from saas.wechat.component.links import Place, Way, addresses, open_way
from saas.wechat.component.plug import access_component, authorizer_tokens, component_api
from saas.wechat.errors import WeChatError
from saas.wechat.tokens import Issued


def open_scan(place: Place, back: Callable[[str], str], *, app_id: str = "") -> Way:
    """A fresh way to WeChat's page; `back` makes the address to return to, `app_id` lets no other account be chosen.

    Raises ComponentNotSetUp, TicketMissing and WeChatError.
    """
    component = access_component()
    pre_auth = component_api().create_pre_auth_code()
    with enter_directory():
        code, address = open_way(place, pre_auth, back)
        db.session.commit()
    return addresses(current_app.config["SETTINGS"], component, code, address, app_id=app_id)


def redeem(place: Place, code: str, *, connected_to: str = "") -> str:
    """Makes a scan's code into tokens that are kept; the app_id of the account that was scanned.

    Kept here when the account is nobody's or this place's own. An account that stands elsewhere gets them there: the
    scan has ended its older ones. A place that is `connected_to` another account keeps what it has.
    """
    with authorizer_tokens(place.tenant_id, place.account_id, connected_to).locked() as keep:
        grant = component_api().query_auth(code)
        holder = find_account(grant.app_id)
        if holder in (None, (place.tenant_id, place.account_id)):
            if connected_to in ("", grant.app_id):
                keep(grant.app_id, grant.issued)
            return grant.app_id
    _keep_elsewhere(Place(*holder), grant.app_id, grant.issued)
    return grant.app_id


def read_authorizer(app_id: str) -> Authorizer:
    """The account as WeChat describes it, with the permission sets it gave. Raises what a call raises."""
    return component_api().read_authorizer(app_id)


def has_tokens(place: Place, app_id: str) -> bool:
    """Whether a scan's tokens for this very account are kept here."""
    return authorizer_tokens(place.tenant_id, place.account_id, app_id).is_granted()


def renew(place: Place, app_id: str) -> None:
    """Asks for the account's next token by what is kept here, whatever is live; raises WeChatError.

    Tells tokens of the present authorisation from those that a later one has ended.
    """

    def by_secret(*, anew: bool = False) -> Issued:
        raise WeChatError(NOT_RENEWABLE)

    authorizer_tokens(place.tenant_id, place.account_id, app_id).fetch_now(by_secret)


def _keep_elsewhere(place: Place, app_id: str, issued: Issued) -> None:
    tokens = authorizer_tokens(place.tenant_id, place.account_id, app_id)
    if tokens.is_granted():
        with tokens.locked() as keep:
            keep(app_id, issued)
