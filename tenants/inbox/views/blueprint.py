"""The blueprint that the pages share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("inbox", __name__, url_prefix="/t/<uuid:tenant_id>/a/<uuid:account_id>/inbox")
