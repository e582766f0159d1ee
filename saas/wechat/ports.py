"""What the gateway asks of the capability that keeps the accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Mode(StrEnum):
    """How WeChat writes to an account: in clear, in both forms, or sealed."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountKeys:
    """What opens and seals one account's messages; `version` is its number in `account_versions` (0 without a row).

    `original_id` may be empty: then the addressee inside a message isn't checked. `sealed_for` is the app_id of the
    open-platform component the account is connected through, whose keys these then are; empty for a direct account.
    """

    tenant_id: UUID
    account_id: UUID
    app_id: str
    token: str = field(repr=False)
    encoding_aes_key: str = field(default="", repr=False)
    mode: Mode = Mode.SAFE
    original_id: str = ""
    sealed_for: str = ""
    version: int = 0

    @property
    def owner(self) -> str:
        """The app_id inside every ciphertext."""
        return self.sealed_for or self.app_id


class AccountDirectory(Protocol):
    """Answers whose account an app_id is."""

    def find(self, app_id: str) -> AccountKeys | None:
        """The account's keys as stored now, or None. Called outside any scope; reads the database each time."""
        ...
