"""The pages of fans and of the message log."""

from __future__ import annotations

from tenants.fans.views import fan, lists
from tenants.fans.views.blueprint import blueprint

__all__ = ["blueprint", "fan", "lists"]
