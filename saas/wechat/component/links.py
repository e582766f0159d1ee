"""The way to WeChat's page and back: which account of which brand a code and a returning browser belong to."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import select

from saas import clock
from saas.config import Config
from saas.db import db, new_id
from saas.tenancy.scope import NO_TENANT
from saas.wechat.component.api import PreAuth
from saas.wechat.component.models import PreAuthCode
from saas.wechat.component.settings import Component

WAY_BACK = timedelta(hours=1)
"""How long after its code's end a browser may come back: who scanned in the last minute still has to confirm."""
OFFICIAL_ACCOUNTS = "1"


@dataclass(frozen=True, slots=True)
class Place:
    """An account of a brand."""

    tenant_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class Way:
    """A way to WeChat's page: opened on a computer, it shows a code to scan; in WeChat on a phone it asks at once."""

    computer: str = field(repr=False)
    phone: str = field(repr=False)


def open_way(place: Place, pre_auth: PreAuth, back: Callable[[str], str]) -> tuple[str, str]:
    """Binds a code to an account; (code, address to come back to). Call it in the directory's session."""
    state = secrets.token_urlsafe(24)
    db.session.add(
        PreAuthCode(
            id=new_id(),
            tenant_id=NO_TENANT,
            code_hash=_hash(pre_auth.code),
            state_hash=_hash(state),
            brand_id=place.tenant_id,
            account_id=place.account_id,
            expires_at=clock.now() + timedelta(seconds=pre_auth.seconds),
        )
    )
    return pre_auth.code, back(state)


def find_by_code(pre_auth_code: str) -> Place | None:
    """The account a code was made for; WeChat itself says whether the code was still good."""
    row = db.session.scalar(select(PreAuthCode).where(PreAuthCode.code_hash == _hash(pre_auth_code)))
    return None if row is None else Place(row.brand_id, row.account_id)


def find_by_state(state: str) -> Place | None:
    """The account a browser comes back for; None when the way was never opened or is closed by now."""
    query = select(PreAuthCode).where(
        PreAuthCode.state_hash == _hash(state), PreAuthCode.expires_at > clock.now() - WAY_BACK
    )
    row = db.session.scalar(query)
    return None if row is None else Place(row.brand_id, row.account_id)


def addresses(config: Config, component: Component, code: str, back: str, *, app_id: str = "") -> Way:
    """WeChat's two pages for a code; `app_id` lets no other account than this one be authorised."""
    wanted = {"biz_appid": app_id} if app_id else {"auth_type": OFFICIAL_ACCOUNTS}
    common = {"component_appid": component.app_id, "pre_auth_code": code, "redirect_uri": back, **wanted}
    on_phone = urlencode({"action": "bindcomponent", "no_scan": "1", **common})
    return Way(
        computer=f"{config.wechat_mp_url}/cgi-bin/componentloginpage?{urlencode(common)}",
        phone=f"{config.wechat_open_url}/wxaopen/safe/bindcomponent?{on_phone}#wechat_redirect",
    )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
