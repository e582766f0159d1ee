"""The demo's brands: trees, connections, codes, stores and grants."""

from __future__ import annotations

from tenants.accounts.demo.brands import DemoBrand, DemoNode, DemoPerson, DemoPlace
from tenants.accounts.demo.filling import connection_settings, demo
from tenants.accounts.demo.people import AGENCY_PEOPLE, DEMO_BRANDS, OPERATOR

__all__ = [
    "AGENCY_PEOPLE",
    "DEMO_BRANDS",
    "OPERATOR",
    "DemoBrand",
    "DemoNode",
    "DemoPerson",
    "DemoPlace",
    "connection_settings",
    "demo",
]
