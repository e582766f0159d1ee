"""The blueprints that the pages share: the matrix, and the settings below it."""

from __future__ import annotations

from flask import Blueprint

PLACE = "/t/<uuid:tenant_id>/a/<uuid:account_id>"

blueprint = Blueprint("accounts", __name__)
settings = Blueprint("settings", __name__)
