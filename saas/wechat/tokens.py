"""Access tokens: one fetch per account among any number of processes (docs/protocol.md, 8).

The token stands sealed in PostgreSQL. Whoever finds it ending takes the row's lock, fetches, and raises the fence;
everybody else waits for that and reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection, Engine, TextClause, text

from saas.faultpoints import Point, reach
from saas.security.secrets import Sealing, Unreadable
from saas.wechat.errors import WeChatError

SET_TENANT = text("SELECT set_config('app.tenant_id', :tenant_id, true)")
READ = text("""
    SELECT sealed, renewal, expires_at > clock_timestamp() AS is_live FROM wechat_tokens
    WHERE tenant_id = :tenant_id AND account_id = :account_id
""")
MAKE = text("INSERT INTO wechat_tokens (tenant_id, account_id) VALUES (:tenant_id, :account_id) ON CONFLICT DO NOTHING")
LOCK = text(f"{READ.text} FOR UPDATE")
WRITE = text("""
    UPDATE wechat_tokens SET sealed = :sealed, renewal = coalesce(:renewal, renewal), fence = fence + 1,
        expires_at = clock_timestamp() + make_interval(secs => :seconds)
    WHERE tenant_id = :tenant_id AND account_id = :account_id
""")
FORGET = text("DELETE FROM wechat_tokens WHERE tenant_id = :tenant_id AND account_id = :account_id")
# WeChat makes the next token five minutes before the end; both are good meanwhile.
OVERLAP = 300
SHORTEST = 30
LIFE, YOUNG = 7200, 300
"""What was made a moment ago, perhaps on our own demand, is not demanded anew: WeChat would give the same, or refuse the next
as well."""
DAY_USED_UP = 45009


@dataclass(frozen=True, slots=True)
class Issued:
    """A token as WeChat gave it, with the seconds it has left; `renewal` asks for the next one where no secret does."""

    token: str = field(repr=False)
    seconds: int
    renewal: str = field(default="", repr=False)


class Fetch(Protocol):
    """Asks WeChat for a token."""

    def __call__(self, *, anew: bool = False) -> Issued:
        """The present token; `anew` demands another, which WeChat grants 20 times a day. Raises WeChatError."""
        ...


@dataclass(frozen=True)
class TokenStore:
    """The token of one account. Transactions of its own: a token must outlive a caller that fails."""

    engine: Engine
    box: Sealing
    tenant_id: UUID
    account_id: UUID
    app_id: str

    def current(self, fetch: Fetch) -> str:
        """A token that is good; fetched when the stored one ends."""
        with self._transaction() as connection:
            live = self._live(connection, READ)
        return live or self._renew(fetch, refused=None)

    def after_refusal(self, refused: str, fetch: Fetch) -> str:
        """A token other than the one WeChat refused: what another process has fetched since, else a new one."""
        return self._renew(fetch, refused=refused)

    def fetch_now(self, fetch: Fetch) -> Issued:
        """Asks WeChat whatever is stored, and stores the answer."""
        with self._transaction() as connection:
            connection.execute(MAKE, self._place)
            connection.execute(LOCK, self._place)
            return self._store(connection, self._issue(connection, fetch))

    def forget(self) -> None:
        """Drops the stored token: the secret has changed, or the account was disconnected."""
        with self._transaction() as connection:
            connection.execute(FORGET, self._place)

    def _renew(self, fetch: Fetch, *, refused: str | None) -> str:
        with self._transaction() as connection:
            connection.execute(MAKE, self._place)
            live = self._live(connection, LOCK)
            if live is not None and live != refused:
                return live
            issued = self._issue(connection, fetch)
            if issued.token == refused:
                issued = self._another(fetch, issued)
            return self._store(connection, issued).token

    def _issue(self, _connection: Connection, fetch: Fetch) -> Issued:
        return fetch()

    def _another(self, fetch: Fetch, same: Issued) -> Issued:
        """Another token than the one WeChat gives by itself; that one where it is too young, or no more are granted today."""
        if same.seconds > LIFE - YOUNG:
            return same
        try:
            return fetch(anew=True)
        except WeChatError as error:
            if error.errcode != DAY_USED_UP:
                raise
            return same

    def _live(self, connection: Connection, statement: TextClause) -> str | None:
        row = connection.execute(statement, self._place).one_or_none()
        if row is None or row.sealed is None or not row.is_live:
            return None
        try:
            return self.box.open(bytes(row.sealed), self._context).decode()
        except Unreadable:  # of the AppID that stood here before
            return None

    def _store(self, connection: Connection, issued: Issued) -> Issued:
        reach(Point.TOKEN_FETCHED)
        sealed = self.box.seal(issued.token.encode(), self._context)
        renewal = self.box.seal(issued.renewal.encode(), f"{self._context}|renewal") if issued.renewal else None
        seconds = max(SHORTEST, issued.seconds - OVERLAP)
        connection.execute(WRITE, {**self._place, "sealed": sealed, "renewal": renewal, "seconds": seconds})
        return issued

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            connection.execute(SET_TENANT, {"tenant_id": str(self.tenant_id)})
            yield connection

    @property
    def _place(self) -> dict[str, UUID]:
        return {"tenant_id": self.tenant_id, "account_id": self.account_id}

    @property
    def _context(self) -> str:
        return f"wechat_tokens|{self.account_id}|{self.app_id}"
