"""The ledger of calls: how often an account called each path on a day of Beijing, and what WeChat has ended.

A call counts as soon as it is made. Only WeChat's own no (45009, 48006) ends a day or a month: its limits grow with the
followers, so ours are for showing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from saas.security.faults import describe
from saas.wechat.errors import WeChatError
from saas.wechat.quota.limits import CLEAR, MASS

DAY_USED_UP, MONTH_USED_UP = 45009, 48006
SET_TENANT = text("SELECT set_config('app.tenant_id', :tenant, true)")
TODAY = "(clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date"
COUNT = text(f"""
    INSERT INTO call_counts AS c (tenant_id, account_id, path, day, used) VALUES (:tenant, :account, :path, {TODAY}, 1)
    ON CONFLICT (tenant_id, account_id, path, day) DO UPDATE SET used = c.used + 1 WHERE NOT c.is_over
    RETURNING used
""")
IS_OVER = text(f"""
    SELECT EXISTS (SELECT FROM call_counts WHERE tenant_id = :tenant AND account_id = :account AND path = :path
        AND is_over AND day >= date_trunc('month', {TODAY}))
""")
END = text(f"""
    UPDATE call_counts SET is_over = true
    WHERE tenant_id = :tenant AND account_id = :account AND path = :path AND day = {TODAY}
""")
FORGOTTEN = text(f"""
    UPDATE call_counts SET used = 0, is_over = false
    WHERE tenant_id = :tenant AND account_id = :account AND path <> :path AND day = {TODAY}
        AND NOT starts_with(path, '{MASS}')  -- WeChat forgets calls, not mass sends
""")
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class CallLedger:
    """The calls of one account. Transactions of its own: a call was made whatever becomes of its caller."""

    engine: Engine
    tenant_id: UUID
    account_id: UUID

    def count(self, path: str) -> None:
        """Counts one call; raises WeChatError 45009 or 48006 where WeChat has said that before."""
        with self._transaction() as connection:
            if path == CLEAR and connection.scalar(IS_OVER, self._values(path)):
                raise WeChatError(MONTH_USED_UP)
            if connection.scalar(COUNT, self._values(path)) is None:
                raise WeChatError(DAY_USED_UP)

    def end(self, path: str) -> None:
        """Keeps that WeChat refuses further calls. What can't be kept now, WeChat will say again."""
        try:
            with self._transaction() as connection:
                connection.execute(END, self._values(path))
        except SQLAlchemyError as error:
            log.warning("call_limit_not_kept", account_id=str(self.account_id), **describe(error))

    def clear(self) -> None:
        """The day's calls count anew."""
        with self._transaction() as connection:
            connection.execute(FORGOTTEN, self._values(CLEAR))

    def _values(self, path: str) -> dict[str, object]:
        return {"tenant": self.tenant_id, "account": self.account_id, "path": path}

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            connection.execute(SET_TENANT, {"tenant": str(self.tenant_id)})
            yield connection
