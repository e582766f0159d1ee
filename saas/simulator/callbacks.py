"""Pushes of what fans do to the account's server, or to the platform it has authorised; the answer appears on the phone."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from saas.simulator import chat, media, replies, routing, wire
from saas.simulator.accounts import Account
from saas.simulator.courier import Courier, Parcel, Try
from saas.simulator.errands import Errands, Work
from saas.simulator.fans import Fan
from saas.simulator.pushes import Push
from saas.simulator.settings import SimulatorSettings
from saas.simulator.store import Store

FIRST_MSG_ID = 24_698_213_377_452_000


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A push with all its tries. status: answered, empty, failed, blocked (by MarkFail), held (to be re-ordered) or none (no server)."""

    id: int
    msg_id: str
    create_time: int
    status: str
    deliveries: int
    ms: float | None
    reply: Mapping[str, object] | None
    raw: str
    tries: tuple[Try, ...]


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """A push on its way: whose, to whom, and the clear XML that every try carries."""

    account: Account
    fan: Fan
    push: Push
    xml: str
    id: int
    msg_id: str
    created: int


class Callbacks:
    """Delivers pushes over HTTP; safe to use from many threads."""

    def __init__(self, store: Store, settings: SimulatorSettings) -> None:
        self._store = store
        self.courier = Courier(store, settings)
        self.errands = Errands()
        self._lock = threading.Lock()
        self._held: dict[str, Shipment] = {}

    @property
    def settings(self) -> SimulatorSettings:
        """The knobs as they are now."""
        return self.courier.settings

    def address(self, account: Account) -> str:
        """Where the account's pushes go; empty when it has no server."""
        route = routing.find_route(self._store, account, self.settings)
        return route.url if route else ""

    def verify(self, account: Account) -> bool:
        """The GET with which Tencent checks an address when it is saved in the console."""
        now, nonce = str(self._store.now()), "486452656"
        echo = str(self._store.next_number("echo") + 4_375_120_948_345_356_249)
        signature = wire.sign(account.token, now, nonce)
        query = {"signature": signature, "timestamp": now, "nonce": nonce, "echostr": echo}
        return self.courier.ask(routing.own_address(account, self.settings), query) == echo

    def close(self) -> None:
        """Ends the work in the background and lets go of the open connections."""
        self.errands.close()
        self.courier.close()

    def finish_later(self, work: Work) -> None:
        """Does what Tencent does some time after a job was taken."""
        self.errands.after(self.settings.finish_after, work)

    def deliver(self, account: Account, fan: Fan, push: Push) -> Delivery:
        """Sends a push until it is answered or the tries are used up, and shows the answer on the phone."""
        shipment = self._prepare(account, fan, push)
        if push.shown:
            chat.record(self._store, fan, "fan", push.shown, delivery_id=shipment.id)
        if account.faults.reorder and self._hold(shipment):
            return self._close(shipment, "held", [])
        delivery = self._send(shipment)
        self._release(account)
        return delivery

    def _prepare(self, account: Account, fan: Fan, push: Push) -> Shipment:
        with self._store.transaction():
            created = push.created_at or self._store.now()
            msg_id = "" if push.event else push.msg_id or str(FIRST_MSG_ID + self._store.next_number("msg_id"))
            xml = wire.build(_envelope(account, fan, push, created, msg_id))
            number = self._store.write(
                """INSERT INTO deliveries (app_id, openid, msg_type, event, msg_id, create_time, request, at)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                account.app_id, fan.openid, push.msg_type, push.event, msg_id, created, xml, self._store.moment().timestamp(),
            )  # fmt: skip
            chat.forget_wire(self._store, number)
        return Shipment(account=account, fan=fan, push=push, xml=xml, id=number, msg_id=msg_id, created=created)

    def _send(self, shipment: Shipment) -> Delivery:
        account = shipment.account
        route = routing.find_route(self._store, account, self.settings)
        if route is None:
            return self._close(shipment, "none", [])
        if self.courier.is_silent(account.app_id):
            self._show_failure(shipment)
            return self._close(shipment, "blocked", [])
        tries, answer = self.courier.hand_over(self._parcel(shipment, route))
        status = "failed" if answer is None else "answered" if answer.reply else "empty"
        with self._store.transaction():
            delivery = self._close(shipment, status, tries, answer)
            self._show(shipment, delivery)
        return delivery

    def _parcel(self, shipment: Shipment, route: routing.Route) -> Parcel:
        """Signed anew each time: a repeat keeps MsgId and CreateTime, not timestamp and nonce."""
        faults, openid = shipment.account.faults, shipment.fan.openid

        def seal() -> wire.Sealed:
            sealed = wire.seal(route.speaker, shipment.xml, openid=openid, now=self._store.now())
            self._store.write("UPDATE deliveries SET sent = ? WHERE id = ?", sealed.body, shipment.id)
            return sealed

        def read(body: bytes) -> replies.Answer:
            answer = replies.read(route.speaker, body, openid=openid, text_limit=self.settings.text_limit)
            for media_id in replies.media_ids(answer.reply or {}):
                if media.find(self._store, shipment.account, media_id) is None:
                    raise ValueError("the media_id is unknown or has expired")
            return answer

        owner = shipment.account.app_id
        return Parcel(owner=owner, url=route.url, seal=seal, read=read, deaf=faults.deaf, more=faults.duplicate)

    def _close(
        self, shipment: Shipment, status: str, tries: list[Try], answer: replies.Answer | None = None
    ) -> Delivery:  # fmt: skip
        last = tries[-1] if tries else None
        delivery = Delivery(
            id=shipment.id, msg_id=shipment.msg_id, create_time=shipment.created, status=status, deliveries=len(tries),
            ms=last.ms if last else None, reply=answer.reply if answer else None, raw=last.body if last else "",
            tries=tuple(tries),
        )  # fmt: skip
        self._store.write(
            """UPDATE deliveries SET status = ?, tries = ?, count = ?, ms = ?, raw = ?, answer = ?, reply = ?
               WHERE id = ?""",
            status, json.dumps([asdict(one) for one in tries]), len(tries), delivery.ms, delivery.raw,
            answer.clear if answer else "", json.dumps(delivery.reply, ensure_ascii=False), shipment.id,
        )  # fmt: skip
        return delivery

    def _show(self, shipment: Shipment, delivery: Delivery) -> None:
        if delivery.status == "failed":
            self._show_failure(shipment)
        elif delivery.reply and shipment.push.answerable:
            chat.record(self._store, shipment.fan, "passive", delivery.reply, delivery_id=delivery.id)

    def _show_failure(self, shipment: Shipment) -> None:
        if shipment.push.answerable and shipment.push.event != "LOCATION":
            chat.record(self._store, shipment.fan, "failure", {"type": "failure"}, delivery_id=shipment.id)

    def _hold(self, shipment: Shipment) -> bool:
        """Keeps one push of an account back; False when one waits already, which goes out after this."""
        with self._lock:
            return self._held.setdefault(shipment.account.app_id, shipment) is shipment

    def _release(self, account: Account) -> None:
        with self._lock:
            held = self._held.pop(account.app_id, None)
        if held:
            self._send(held)


def _envelope(account: Account, fan: Fan, push: Push, created: int, msg_id: str) -> dict[str, object]:
    common = {
        "ToUserName": account.original_id,
        "FromUserName": fan.openid,
        "CreateTime": created,
        "MsgType": push.msg_type,
    }
    number = {"MsgId": int(msg_id)} if msg_id.isdecimal() else {}
    return {**common, **push.fields, **number}
