"""The capabilities of this deployment, lowest floor first: the one list that everything reads."""

from __future__ import annotations

from saas.capability import Capability
from tenants.accounts.capability import CAPABILITY as ACCOUNTS
from tenants.fans.capability import CAPABILITY as FANS
from tenants.home.capability import CAPABILITY as HOME
from tenants.inbox.capability import CAPABILITY as INBOX
from tenants.kpi.capability import CAPABILITY as KPI
from tenants.library.capability import CAPABILITY as LIBRARY
from tenants.rules.capability import CAPABILITY as RULES

CAPABILITIES: tuple[Capability, ...] = (ACCOUNTS, LIBRARY, FANS, RULES, INBOX, KPI, HOME)
