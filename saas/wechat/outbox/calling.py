"""One call for one effect: all it needs is made ready, the lease is proven once more, then WeChat is called.

Between that proof and the last byte of the answer nothing is waited for but WeChat, and that no longer than the lease runs:
so nobody takes the effect for a dead sender's while it may still be sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from saas.db import db
from saas.errors import AppError
from saas.faultpoints import Point, reach
from saas.security.faults import describe
from saas.wechat.client import WeChatClient
from saas.wechat.errors import WeChatError
from saas.wechat.http import CALL_SECONDS, CONNECT_SECONDS, UPLOAD_SECONDS
from saas.wechat.outbox import claims
from saas.wechat.outbox.effects import MEDIA_FIELDS, OWN, Effect, effect_from, policy_of
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.outbox.ports import AccountClients, MediaCopies
from saas.wechat.outbox.states import DAY_OVER, DONE, Failure, Reason, State, Step, after_failure, before_it_called

BAD_MEDIA = 40007
Copies = Mapping[str, str]
"""By our file's reference, WeChat's id of its copy."""
log = structlog.get_logger(__name__)


class NotHeld(Exception):
    """Another has the effect by now, or it was given up."""


class HeldTooLate(Exception):
    """Proving the lease took so long that the call might outlast it."""


@dataclass(frozen=True)
class Caller:
    """Calls in the names of accounts, with copies of the brand's files."""

    client_of: AccountClients
    media_copy: MediaCopies
    lease_seconds: float = 30.0

    def attempt(self, row: OutboxRow) -> Step | None:
        """What became of it; None when it is another's by now, or was given up."""
        copies: dict[str, str] = {}
        try:
            step = self._try(row, copies)
            if step is not None and step.errcode == BAD_MEDIA and copies:
                # The copy has ended before its three days; WeChat did nothing, so one more call is the first.
                return self._try(row, copies)
            return step
        except (DBAPIError, PoolTimeout) as error:
            # All statements come before the call, those of token and count too: nothing was asked of WeChat.
            return _not_called(row, error)

    def _try(self, row: OutboxRow, copies: dict[str, str]) -> Step | None:
        """One call with other copies than those given, which WeChat has refused; the ones used stand there afterwards."""
        try:
            copies.update(self._copies(row, copies))
            client, effect = self._ready(row, copies)
        except WeChatError as error:
            return _failed(row, Failure(errcode=error.errcode, wait=error.wait))
        except AppError as error:
            log.warning("effect_unsendable", effect=str(row.id), why=error.code)
            return Step(state=State.REFUSED, reason=Reason.UNSENDABLE)
        except Exception as error:
            if claims.is_passing(error):
                raise
            db.session.rollback()
            log.error("effect_not_ready", effect=str(row.id), **describe(error))
            return Step(state=State.REFUSED, reason=Reason.FAULT)
        try:
            return _call(row, partial(client.send, effect.path, effect.body(row.key), **self._hooks(row)))
        except NotHeld:
            return None
        except HeldTooLate:
            return _failed(row, Failure(errcode=None))

    def _hooks(self, row: OutboxRow) -> dict[str, Callable[[], None]]:
        """Before each call its beginning is noted; after a refused token that it did nothing, while another is fetched."""

        def before() -> None:
            self._hold(row, is_calling=True)
            reach(Point.OUTBOX_BEFORE_CALL)

        return {"before": before, "refused": lambda: self._hold(row, is_calling=False)}

    def _hold(self, row: OutboxRow, *, is_calling: bool) -> None:
        """Renews the lease for the time of a call, counted from before it was asked for."""
        began = time.monotonic()
        is_held = claims.hold(row, lease_seconds=self.lease_seconds + CALL_SECONDS, is_calling=is_calling)
        db.session.commit()
        if not is_held:
            raise NotHeld
        if time.monotonic() - began > self.lease_seconds:
            raise HeldTooLate

    def _ready(self, row: OutboxRow, copies: Copies) -> tuple[WeChatClient, Effect]:
        client = self.client_of(row.account_id)
        effect = effect_from(row.kind, row.openid or "", _with_copies(row, copies))
        db.session.commit()  # the copy's id is kept whatever comes of the message; nothing stays locked over the call
        return client, effect

    def _copies(self, row: OutboxRow, refused: Copies) -> Copies:
        own = _own(row)
        if own:
            claims.hold(row, lease_seconds=self.lease_seconds + CONNECT_SECONDS + UPLOAD_SECONDS)
            db.session.commit()
        return {one: self.media_copy(_id(one), row.account_id, refused=refused.get(one, "")) for one in own}


def _call(row: OutboxRow, send: Callable[[], dict[str, Any]]) -> Step:
    try:
        answer = send()
    except WeChatError as error:
        return _failed(row, Failure(errcode=error.errcode, in_flight=error.in_flight, wait=error.wait))
    reach(Point.OUTBOX_AFTER_CALL)
    known = answer.get("msgid")
    return DONE if known is None else replace(DONE, wechat_id=str(known))


def _failed(row: OutboxRow, failure: Failure) -> Step:
    if failure.errcode == DAY_OVER:
        failure = replace(failure, wait=claims.until_tomorrow(row))
    age, unclear_for = claims.age_at_claim(row), claims.unclear_for(row)
    return after_failure(policy_of(row.kind), failure, age=age, unclear_for=unclear_for)


def _not_called(row: OutboxRow, error: Exception) -> Step:
    log.warning("effect_not_called", effect=str(row.id), **describe(error))
    if claims.is_passing(error):
        return _failed(row, Failure(errcode=None))
    return before_it_called(policy_of(row.kind), tries=row.tries, unclear_for=claims.unclear_for(row))


def _own(row: OutboxRow) -> list[str]:
    message: Mapping[str, Any] = row.payload.get("message", {})
    return [message[name] for name in MEDIA_FIELDS if str(message.get(name, "")).startswith(OWN)]


def _with_copies(row: OutboxRow, copies: Copies) -> Mapping[str, Any]:
    message: Mapping[str, Any] = row.payload.get("message", {})
    theirs = {name: copies[message[name]] for name in MEDIA_FIELDS if message.get(name) in copies}
    return {**row.payload, "message": {**message, **theirs}} if theirs else row.payload


def _id(reference: str) -> UUID:
    return UUID(reference.removeprefix(OWN))
