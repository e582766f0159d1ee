"""What the platform asks of the capability that keeps the tree of accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class NodeRecord:
    """A node of the account tree as the frame shows it."""

    id: UUID
    name: str
    kind: str
    parent_id: UUID | None


class AccountTree(Protocol):
    """Answers which nodes a membership sees; every call runs in the tenant's scope."""

    def granted(self, membership_id: UUID) -> frozenset[UUID]:
        """All nodes at or below the accounts granted to the membership."""
        ...

    def node(self, account_id: UUID) -> NodeRecord:
        """The node; raises NotFound when missing or outside the scope's subtree."""
        ...

    def top(self) -> NodeRecord:
        """The highest node that the scope sees; raises NotFound in an empty brand."""
        ...
