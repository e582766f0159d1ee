"""The pages: the matrix, an account, its connection, channel codes, stores, people, the brand."""

from __future__ import annotations

from tenants.accounts.views import brand, channels, connecting, exports, first, people, stores, tree
from tenants.accounts.views.blueprints import blueprint, settings

blueprint.register_blueprint(settings)

__all__ = ["blueprint", "brand", "channels", "connecting", "exports", "first", "people", "stores", "tree"]
