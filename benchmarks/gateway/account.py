"""The one account that every server of this benchmark answers for, so that the same prepared messages fit all."""

from __future__ import annotations

from benchmarks.wire import Account

APP_ID = "wx00000000benchmk"
ORIGINAL_ID = "gh_benchmark0001"
TOKEN = "benchmarktoken"  # noqa: S105 - of servers that live for a minute
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
MODES = ("plain", "safe")


def account(mode: str) -> Account:
    """The account in one of the modes."""
    return Account(APP_ID, ORIGINAL_ID, TOKEN, AES_KEY, mode)


PATH = account("plain").path
