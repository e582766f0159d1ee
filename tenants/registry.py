"""The capabilities of this deployment, lowest floor first: the one list that everything reads."""

from __future__ import annotations

from saas.capability import Capability
from tenants.accounts.capability import CAPABILITY as ACCOUNTS
from tenants.library.capability import CAPABILITY as LIBRARY

CAPABILITIES: tuple[Capability, ...] = (ACCOUNTS, LIBRARY)
