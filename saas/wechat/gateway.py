"""One callback from arrival to answer: open, decide, store, seal (docs/protocol.md, 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from saas import clock
from saas.wechat.accounts import Known, KnownAccounts
from saas.wechat.dispatch import Dispatcher
from saas.wechat.envelope import NOTHING, Refused, Unreadable, open_envelope, seal, verify_url
from saas.wechat.journal import Entry, Journal, NotStored, Stored, key_of, key_of_unreadable, seal_context
from saas.wechat.messages import Inbound
from saas.wechat.metrics import CALLBACKS, QUARANTINED

DECISIONS = 3
"""How often an answer is decided anew because somebody edits the rules at this very moment."""


@dataclass(frozen=True, slots=True)
class Post:
    """What arrived: the body as it came, and the query that signs it."""

    body: bytes
    query: Mapping[str, str]


class Gateway:
    """The callback's door, made of its parts."""

    def __init__(
        self, accounts: KnownAccounts, dispatcher: Dispatcher, journal: Journal, *, window_seconds: int | None = None
    ) -> None:
        self._accounts, self._dispatcher, self._journal = accounts, dispatcher, journal
        self._window = window_seconds

    def verify(self, app_id: str, query: Mapping[str, str]) -> str:
        """The echo for WeChat's check of the address, always with the present token; raises Refused."""
        return verify_url(query, self._accounts.read(app_id).keys)

    def receive(self, app_id: str, post: Post) -> str:
        """The body of the answer. Raises Refused, or NotStored: then WeChat must come again."""
        try:
            return self._receive(app_id, post)
        except Unreadable as fault:
            return self._put_aside(self._accounts.remembered(app_id) or self._accounts.read(app_id), fault)

    def _receive(self, app_id: str, post: Post) -> str:
        known = self._accounts.remembered(app_id)
        answer = self._answer_remembered(known, post) if known is not None else None
        for _ in range(DECISIONS):
            if answer is not None:
                return answer
            answer = self._answer(self._accounts.read(app_id), post)
        if answer is None:
            raise NotStored("rules keep changing")
        return answer

    def _answer_remembered(self, known: Known, post: Post) -> str | None:
        try:
            return self._answer(known, post)
        except (Refused, Unreadable) as fault:
            # The keys may have been edited since they were read: look again before saying no.
            is_final = isinstance(fault, Refused) and fault.status != 403
            if is_final or not self._accounts.may_read_again():
                raise
            return None

    def _answer(self, known: Known, post: Post) -> str | None:
        """The answer, or None when the rules have changed since they were loaded."""
        inbound = open_envelope(post.body, post.query, known.keys, oldest=self._oldest())
        stored = self._store(known, inbound)
        if stored.is_stale:
            return None
        CALLBACKS.labels("stored" if stored.is_new else "duplicate").inc()
        return seal(stored.reply, inbound, known.keys)

    def _store(self, known: Known, inbound: Inbound) -> Stored:
        keys = known.keys
        answer = self._dispatcher.decide(inbound, keys, clock.now())
        key = key_of(keys.account_id, inbound)
        entry = Entry(
            tenant_id=keys.tenant_id,
            account_id=keys.account_id,
            key=key,
            raw=known.box.seal(inbound.raw, seal_context(keys.account_id, key)),
            answer=answer.to_json(),
            reply=None if answer.reply is None else answer.reply.to_json(),
            version=keys.version,
        )
        return self._journal.store(entry)

    def _put_aside(self, known: Known, fault: Unreadable) -> str:
        tenant_id, account_id = known.keys.tenant_id, known.keys.account_id
        key = key_of_unreadable(account_id, fault.raw)
        raw = known.box.seal(fault.raw, seal_context(account_id, key))
        self._journal.quarantine(tenant_id=tenant_id, account_id=account_id, key=key, raw=raw, reason=fault.reason)
        QUARANTINED.labels("gateway").inc()
        CALLBACKS.labels("unreadable").inc()
        return NOTHING

    def _oldest(self) -> int | None:
        return None if self._window is None else int(clock.now().timestamp()) - self._window
