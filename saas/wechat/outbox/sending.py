"""Sending one account's effects: claim, commit, call, outcome (docs/protocol.md, 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from saas.db import db
from saas.errors import AppError
from saas.faultpoints import Point, reach
from saas.security.faults import describe
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat.client import WeChatClient
from saas.wechat.errors import WeChatError
from saas.wechat.http import CONNECT_SECONDS, READ_SECONDS, UPLOAD_SECONDS
from saas.wechat.outbox import claims
from saas.wechat.outbox.effects import MEDIA_FIELDS, OWN, CustomMessage, Effect, effect_from, policy_of
from saas.wechat.outbox.metrics import OUTCOMES
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.outbox.ports import AccountClients, MediaCopies
from saas.wechat.outbox.states import DONE, Failure, Reason, State, Step, after_death, after_failure

BAD_MEDIA = 40007
MOST_AT_ONCE = 100
"""Effects of one account before the next account gets its turn."""
CALL_SECONDS = CONNECT_SECONDS + READ_SECONDS
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Sender:
    """Sends what is due; any number may work at once, on this machine and others."""

    client_of: AccountClients
    media_copy: MediaCopies
    lease_seconds: float = 30.0

    def drain(self, tenant: TenantRecord, account_id: UUID) -> int:
        """Sends the account's due effects one after the other, up to a hundred; returns how many were tried."""
        with enter(system_scope(tenant)):
            self._bury(account_id)
        tried = 0
        while tried < MOST_AT_ONCE and self._send_next(tenant, account_id):
            tried += 1
        return tried

    def _bury(self, account_id: UUID) -> None:
        """Decides about effects whose sender was killed: again with the same key, else unknown."""
        for row in claims.dead(account_id):
            since = claims.unclear_for(row) or timedelta(0)
            claims.record(row, after_death(policy_of(row.kind), unclear_for=since))
        db.session.commit()

    def _send_next(self, tenant: TenantRecord, account_id: UUID) -> bool:
        with enter(system_scope(tenant)):
            row = claims.claim(account_id, lease_seconds=self.lease_seconds)
            db.session.commit()
            if row is None:
                return False
            reach(Point.OUTBOX_CLAIMED)
            step = self._attempt(row)
            if step is not None:
                reach(Point.OUTBOX_BEFORE_OUTCOME)
                claims.record(row, step)
                db.session.commit()
                OUTCOMES.labels(row.kind, step.state).inc()
                reach(Point.OUTBOX_AFTER_OUTCOME)
            return True

    def _attempt(self, row: OutboxRow) -> Step | None:
        """What became of it; None when it is another's by now."""
        try:
            client, effect = self._prepared(row)
        except WeChatError as error:
            return self._failed(row, replace(_failure(error), in_flight=False))
        except AppError as error:
            log.warning("effect_unsendable", effect=str(row.id), why=error.code)
            return Step(state=State.REFUSED, reason=Reason.UNSENDABLE)
        except Exception as error:
            db.session.rollback()
            log.error("effect_not_prepared", effect=str(row.id), **describe(error))
            return Step(state=State.REFUSED, reason=Reason.FAULT)
        if not claims.hold(row, lease_seconds=self.lease_seconds + CALL_SECONDS):
            db.session.rollback()
            return None
        db.session.commit()
        return self._call(row, client, effect)

    def _prepared(self, row: OutboxRow, refused: str = "") -> tuple[WeChatClient, Effect]:
        payload = self._with_media(row, refused)
        effect = effect_from(row.kind, row.openid or "", payload)
        client = self.client_of(row.account_id)
        db.session.commit()  # an upload's id is kept whatever comes of the message; nothing stays locked over the call
        return client, effect

    def _call(self, row: OutboxRow, client: WeChatClient, effect: Effect) -> Step:
        reach(Point.OUTBOX_BEFORE_CALL)
        try:
            answer = client.send(effect.path, effect.body(row.key))
        except WeChatError as error:
            return self._failed(row, _failure(error))
        reach(Point.OUTBOX_AFTER_CALL)
        known = answer.get("msgid")
        return DONE if known is None else replace(DONE, wechat_id=str(known))

    def _failed(self, row: OutboxRow, failure: Failure) -> Step:
        return after_failure(policy_of(row.kind), failure, unclear_for=claims.unclear_for(row))

    def _with_media(self, row: OutboxRow, refused: str) -> Mapping[str, Any]:
        if row.kind != CustomMessage.kind:
            return row.payload
        message: dict[str, Any] = row.payload["message"]
        own = {name: value for name, value in message.items() if name in MEDIA_FIELDS and str(value).startswith(OWN)}
        if own:  # an upload takes longer than a lease
            claims.hold(row, lease_seconds=self.lease_seconds + UPLOAD_SECONDS)
            db.session.commit()
        theirs = {name: self._copy(value, row.account_id, refused) for name, value in own.items()}
        return {**row.payload, "message": {**message, **theirs}}

    def _copy(self, reference: str, account_id: UUID, refused: str) -> str:
        return self.media_copy(UUID(reference.removeprefix(OWN)), account_id, refused=refused)


def _failure(error: WeChatError) -> Failure:
    return Failure(errcode=error.errcode, in_flight=error.in_flight)
