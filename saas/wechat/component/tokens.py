"""The token of an account that authorised the component: renewed by a refresh token instead of a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Connection, text

from saas.security.secrets import Unreadable
from saas.wechat.component.errors import NOT_RENEWABLE
from saas.wechat.errors import WeChatError
from saas.wechat.tokens import LOCK, MAKE, Fetch, Issued, TokenStore

RENEWAL = text("SELECT renewal FROM wechat_tokens WHERE tenant_id = :tenant_id AND account_id = :account_id")

Exchange = Callable[[str], Issued]


@dataclass(frozen=True)
class AuthorizerTokenStore(TokenStore):
    """`exchange` gives a new token, and the refresh token to ask for the next, for a refresh token.

    Whatever the caller's own fetch would do with a secret, there is none: the refresh token stands for it.
    """

    exchange: Exchange

    @contextmanager
    def locked(self) -> Iterator[Callable[[str, Issued], object]]:
        """Holds the account's row while a grant is asked for, so that of two the later stays; yields what keeps it."""
        with self._transaction() as connection:
            connection.execute(MAKE, self._place)
            connection.execute(LOCK, self._place)
            yield lambda app_id, issued: replace(self, app_id=app_id)._store(connection, issued)

    def is_granted(self) -> bool:
        """Whether a refresh token of this very app_id is kept."""
        with self._transaction() as connection:
            return self._renewal(connection) is not None

    def _issue(self, connection: Connection, fetch: Fetch) -> Issued:
        renewal = self._renewal(connection)
        if renewal is None:
            raise WeChatError(NOT_RENEWABLE)
        return self.exchange(renewal)

    def _another(self, fetch: Fetch, same: Issued) -> Issued:
        """None can be demanded; what stands beside the same token, a new refresh token, is not to be lost over trying."""
        return same

    def _renewal(self, connection: Connection) -> str | None:
        sealed = connection.execute(RENEWAL, self._place).scalar_one_or_none()
        if sealed is None:
            return None
        try:
            return self.box.open(bytes(sealed), f"{self._context}|renewal").decode()
        except Unreadable:  # of the AppID that stood here before
            return None
