"""Whose account an app_id is, remembered in the process; what an edit outdates is read anew."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

from saas.security.secrets import Box, box_of
from saas.tenancy.scope import enter_directory
from saas.wechat.envelope import Refused
from saas.wechat.ports import AccountDirectory, AccountKeys

APP_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
READS_A_SECOND, READS_OF_ONE = 200, 5
"""How often refused callbacks may make us look again, at all and for one account: a flood of forged ones must neither
reach the database nor hide the edit of another account. The same for names that may be nobody's."""


@dataclass(frozen=True, slots=True)
class Known:
    """An account's keys and the box that seals its callbacks at rest."""

    keys: AccountKeys
    box: Box


class Budget:
    """So many a second, at all and of one name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._second, self._total = 0, 0
        self._of_one: Counter[str] = Counter()

    def take(self, name: str) -> bool:
        """Whether one more is allowed; it counts."""
        with self._lock:
            second = int(time.monotonic())
            if second != self._second:
                self._second, self._total = second, 0
                self._of_one.clear()
            if self._total < READS_A_SECOND:  # what is refused anyway need not be told apart
                self._of_one[name] += 1
            self._total += 1
            return self._of_one[name] <= READS_OF_ONE and self._total <= READS_A_SECOND


class KnownAccounts:
    """The accounts asked for last, as they were when read."""

    def __init__(self, directory: AccountDirectory, *, accounts: int = 5000) -> None:
        self._directory, self._most = directory, accounts
        self._kept: OrderedDict[str, Known] = OrderedDict()
        self._listed: set[str] = set()
        self._lock = threading.Lock()
        self._again, self._strange = Budget(), Budget()

    def expect(self, app_ids: Collection[str]) -> None:
        """These are somebody's, read or not."""
        with self._lock:
            self._listed = set(app_ids)

    def expects(self, app_id: str) -> bool:
        """Whether the name is an account's as far as is known without asking the database."""
        return app_id in self._kept or app_id in self._listed

    def remembered(self, app_id: str) -> Known | None:
        """The account as last read, without asking the database."""
        with self._lock:
            known = self._kept.get(app_id)
            if known is not None:
                self._kept.move_to_end(app_id)
            return known

    def read(self, app_id: str) -> Known:
        """The account as it stands now; raises Refused 404."""
        # What can be no AppID isn't asked of the database: it would refuse a NUL by a fault.
        keys = self._directory.find(app_id) if APP_ID.fullmatch(app_id) else None
        if keys is None:
            self._forget(app_id)
            raise Refused(404, "account")
        with enter_directory():
            known = Known(keys, box_of(keys.tenant_id))
        self._keep(app_id, known)
        return known

    def may_read_again(self, app_id: str) -> bool:
        """Whether a refusal may be checked against the database: bounded per second."""
        return self._again.take(app_id)

    def may_read_strange(self, app_id: str) -> bool:
        """Whether the database may be asked for a name that is not expected: bounded per second."""
        return self._strange.take(app_id)

    def _keep(self, app_id: str, known: Known) -> None:
        with self._lock:
            self._kept[app_id] = known
            self._kept.move_to_end(app_id)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def _forget(self, app_id: str) -> None:
        with self._lock:
            self._kept.pop(app_id, None)
            self._listed.discard(app_id)
