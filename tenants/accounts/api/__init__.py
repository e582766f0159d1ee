"""The JSON door: accounts, channel codes, stores."""

from __future__ import annotations

from tenants.accounts.api import accounts, authorisations, channels, stores
from tenants.accounts.api.blueprint import blueprint

__all__ = ["accounts", "authorisations", "blueprint", "channels", "stores"]
