"""What the outbox asks of the capabilities that keep the accounts and the files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from saas.errors import NotFound
from saas.wechat.client import WeChatClient
from saas.wechat.outbox.models import OutboxRow


class AccountClients(Protocol):
    """Calls in the name of an account."""

    def __call__(self, account_id: UUID) -> WeChatClient:
        """The client of an account; raises an AppError when it isn't connected. Called in the tenant's scope."""
        ...


class MediaCopies(Protocol):
    """WeChat's ids of the brand's own files."""

    def __call__(self, media_id: UUID, account_id: UUID, *, refused: str = "") -> str:
        """The id of the file's copy in an account, other than the one WeChat refused; uploads it when there is none.

        Raises an AppError when the file is gone, WeChatError when it can't be uploaded. Called in the tenant's scope.
        """
        ...


class OutcomeObserver(Protocol):
    """Hears what became of an effect."""

    def __call__(self, row: OutboxRow) -> Iterable[str]:
        """Called with each outcome (done, refused, unknown), in the tenant's scope and in the outcome's transaction.

        Returns the parts of live pages that have changed. What fails here is logged and undone; the outcome stays.
        """
        ...


def no_client(account_id: UUID) -> WeChatClient:
    """Of a program without accounts."""
    raise NotFound


def no_copy(media_id: UUID, account_id: UUID, *, refused: str = "") -> str:
    """Of a program without files."""
    raise NotFound
