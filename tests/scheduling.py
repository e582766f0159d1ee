"""Which tests share a worker: the journeys use one running product, which is started once.

Not by `--dist loadgroup`: it writes the group into the node id, which pytest 9 no longer lets it do.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

ON_ONE_PRODUCT = ("tests/journeys/test_pages.py", "tests/journeys/test_story.py")


class Scheduling(LoadScopeScheduling):
    """Deals out test by test, but for those that share the product; they come first, as they take longest."""

    def _split_scope(self, nodeid: str) -> str:
        return "journeys" if nodeid.startswith(ON_ONE_PRODUCT) else nodeid
