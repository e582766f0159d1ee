"""The demo brand's rules: different at headquarters, in each region and in each store."""

from __future__ import annotations

from saas.capability import Demo


def fill(demo: Demo) -> None:
    """Writes them."""
