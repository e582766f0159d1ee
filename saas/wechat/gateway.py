"""One callback from arrival to answer: open, decide, store, seal (docs/protocol.md, 1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from saas import clock
from saas.faultpoints import Point, reach
from saas.wechat.accounts import Known, KnownAccounts
from saas.wechat.dispatch import Answer, Dispatcher
from saas.wechat.envelope import NOTHING, Refused, Unreadable, open_envelope, seal, verify_url
from saas.wechat.journal import Entry, Journal, NotStored, Stored, key_of, key_of_unreadable, seal_context
from saas.wechat.messages import Inbound
from saas.wechat.metrics import CALLBACKS, QUARANTINED

DECISIONS = 3
"""How often an answer is decided anew because somebody edits the rules at this very moment."""


@dataclass(frozen=True, slots=True)
class Post:
    """What arrived: the body as it came, the query that signs it, and at whose address.

    `component` is the open-platform component the address names; empty where it names the account alone.
    """

    body: bytes
    query: Mapping[str, str]
    component: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A callback opened and its answer decided, not stored yet."""

    known: Known
    inbound: Inbound
    entry: Entry


class Gateway:
    """The callback's parts put together: what memory can decide at once, and the long way round."""

    def __init__(
        self, accounts: KnownAccounts, dispatcher: Dispatcher, journal: Journal, *, window_seconds: int | None = None
    ) -> None:
        self._accounts, self._dispatcher, self._journal = accounts, dispatcher, journal
        self._window = window_seconds

    def verify(self, app_id: str, post: Post) -> str:
        """The echo for WeChat's check of the address, always with the present token; raises Refused."""
        return verify_url(post.query, self._read(app_id, post).keys)

    def decide(self, app_id: str, post: Post) -> Decision | None:
        """The answer by what is in memory, without asking the database; None when that isn't enough. Raises Refused."""
        known = self._accounts.remembered(app_id)
        if known is None:
            return None
        try:
            inbound = self._open(known, post)
        except Unreadable:
            return None
        except Refused as refusal:
            # The keys may have been edited since they were read: look again before saying no.
            if refusal.status not in (403, 404) or not self._accounts.may_read_again(app_id):
                raise
            return None
        answer = self._dispatcher.decide_remembered(inbound, known.keys, clock.now())
        return None if answer is None else _decision(known, inbound, answer)

    def expect(self, app_ids: Collection[str]) -> None:
        """These names are accounts', read or not."""
        self._accounts.expect(app_ids)

    def expects(self, app_id: str) -> bool:
        """Whether the name is an account's as far as is known without asking the database."""
        return self._accounts.expects(app_id)

    def may_read_strange(self, app_id: str) -> bool:
        """Whether `refresh` may be called for a name that isn't expected: bounded per second."""
        return self._accounts.may_read_strange(app_id)

    def refresh(self, app_id: str) -> None:
        """Reads the account's keys and rules into memory as they are now; raises Refused."""
        self._dispatcher.prepare(self._accounts.read(app_id).keys)

    def finish(self, decision: Decision, stored: Stored) -> str:
        """The body of the answer to a callback that is kept now."""
        CALLBACKS.labels("stored" if stored.is_new else "duplicate").inc()
        return seal(stored.reply, decision.inbound, decision.known.keys)

    def receive(self, app_id: str, post: Post) -> str:
        """The body of the answer, by keys and rules read now. Raises Refused, or NotStored: WeChat must come again."""
        for _ in range(DECISIONS):
            known = self._read(app_id, post)
            try:
                inbound = self._open(known, post)
            except Unreadable as fault:
                return self._put_aside(known, fault)
            decision = _decision(known, inbound, self._dispatcher.decide(inbound, known.keys, clock.now()))
            stored = self._journal.store(decision.entry)
            if not stored.is_stale:
                return self.finish(decision, stored)
        raise NotStored("rules keep changing")

    def _read(self, app_id: str, post: Post) -> Known:
        known = self._accounts.read(app_id)
        _check_address(known, post)
        return known

    def _open(self, known: Known, post: Post) -> Inbound:
        _check_address(known, post)
        inbound = open_envelope(post.body, post.query, known.keys, oldest=self._oldest())
        reach(Point.CALLBACK_OPENED)
        return inbound

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


def _check_address(known: Known, post: Post) -> None:
    if known.keys.sealed_for != post.component:
        raise Refused(404, "address")


def _decision(known: Known, inbound: Inbound, answer: Answer) -> Decision:
    keys = known.keys
    key = key_of(keys.account_id, inbound)
    entry = Entry(
        tenant_id=keys.tenant_id,
        account_id=keys.account_id,
        key=key,
        raw=known.box.seal(inbound.raw, seal_context(keys.account_id, key)),
        answer=answer.to_json(),
        reply=answer.reply,
        version=keys.version,
    )
    return Decision(known, inbound, entry)
