"""The pages: the matrix, an account, its connection by hand or by a scan, channel codes, stores, people, the brand."""

from __future__ import annotations

from tenants.accounts.views import brand, channels, connecting, exports, first, limits, people, scanning, stores, tree
from tenants.accounts.views.blueprints import blueprint, settings

blueprint.register_blueprint(settings)

__all__ = [
    "blueprint",
    "brand",
    "channels",
    "connecting",
    "exports",
    "first",
    "limits",
    "people",
    "scanning",
    "stores",
    "tree",
]
