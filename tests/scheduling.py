"""Which tests share a worker: the journeys use one running product, the fault matrix one rig, which are started once.
The acts of the audit build on each other: who was invited has sessions to end only after coming in.

Not by `--dist loadgroup`: it writes the group into the node id, which pytest 9 no longer lets it do.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

SHARED = {
    "tests/isolation/test_audit.py": "audit",
    "tests/journeys/test_answering.py": "journeys",
    "tests/journeys/test_pages.py": "journeys",
    "tests/journeys/test_story.py": "journeys",
    "tests/faults/test_short.py": "faults",
}


class Scheduling(LoadScopeScheduling):
    """Deals out test by test, but for those that share something; they come first, as they take longest."""

    def _split_scope(self, nodeid: str) -> str:
        return SHARED.get(nodeid.partition("::")[0], nodeid)
