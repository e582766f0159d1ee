"""Files that a fan sends: kept as WeChat keeps them, three days, under a media_id the account can fetch."""

from __future__ import annotations

import base64
import binascii

from flask_babel import lazy_gettext as _l

from saas.simulator import media
from saas.simulator.accounts import Account
from saas.simulator.errcodes import ApiError, Refused
from saas.simulator.media import Media
from saas.simulator.pushes import Values
from saas.simulator.store import Store

KINDS = {"shortvideo": "video"}


def keep(store: Store, account: Account, values: Values, host: str) -> Values:
    """An act with its base64 `data` replaced by media_id and address; also those of a picture menu. Raises Refused."""
    pictures = values.get("pictures")
    if isinstance(pictures, list):
        return {**values, "pictures": [keep(store, account, one, host) for one in pictures if isinstance(one, dict)]}
    if not values.get("data"):
        return values
    stored = _stored(store, account, values)
    rest = {name: value for name, value in values.items() if name != "data"}
    return {**rest, "media_id": stored.media_id, "pic_url": f"{host}mmbiz/{stored.media_id}"}


def _stored(store: Store, account: Account, values: Values) -> Media:
    kind = str(values.get("type") or "image")
    try:
        content = base64.b64decode(str(values["data"]), validate=True)
        return media.upload(
            store, account, KINDS.get(kind, kind), filename=str(values.get("filename") or ""), content=content
        )
    except (binascii.Error, ApiError):
        raise Refused(_l("this file can't be sent"), 415) from None
