"""Who may be written to, and how often: each act of a fan grants its own allowance of customer-service messages."""

from __future__ import annotations

from saas.simulator.accounts import Account
from saas.simulator.errcodes import ApiError
from saas.simulator.fans import Fan
from saas.simulator.store import Row, Store

TWO_DAYS = 48 * 3600
UNLIMITED = 1_000_000
GRANTS = {
    "message": (5, TWO_DAYS),
    "menu": (3, 60),
    "follow": (3, 60),
    "scan": (3, 60),
    "payment": (UNLIMITED, TWO_DAYS),
}


def grant(store: Store, account: Account, fan: Fan, trigger: str) -> None:
    """A new act of the same kind starts its allowance afresh; it does not add up."""
    messages, seconds = GRANTS[trigger]
    store.write(
        """INSERT INTO allowances VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET remaining = excluded.remaining, expires_at = excluded.expires_at""",
        account.app_id, fan.openid, trigger, messages, store.now() + seconds,
    )  # fmt: skip


def spend(store: Store, account: Account, fan: Fan) -> None:
    """Uses one message of the allowance that ends first. Raises ApiError 45015 without one, 45047 when all are used up."""
    with store.transaction():
        open_ones = list_open(store, account, fan)
        if not open_ones:
            raise ApiError(45015)
        left = [row for row in open_ones if row["remaining"] > 0]
        if not left:
            raise ApiError(45047)
        store.write(
            "UPDATE allowances SET remaining = remaining - 1 WHERE app_id = ? AND openid = ? AND trigger = ?",
            account.app_id, fan.openid, left[0]["trigger"],
        )  # fmt: skip


def list_open(store: Store, account: Account, fan: Fan) -> list[Row]:
    """The allowances still running, the one that ends first on top."""
    sql = "SELECT * FROM allowances WHERE app_id = ? AND openid = ? AND expires_at > ? ORDER BY expires_at"
    return store.rows(sql, account.app_id, fan.openid, store.now())
