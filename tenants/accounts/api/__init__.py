"""The JSON door: accounts, channel codes, stores."""

from __future__ import annotations

from tenants.accounts.api import accounts, channels, stores
from tenants.accounts.api.blueprint import blueprint

__all__ = ["accounts", "blueprint", "channels", "stores"]
