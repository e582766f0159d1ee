"""Pushes to the account's own server: signed, tried again, given up, as Tencent does."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

import urllib3

from saas.simulator import chat, media, replies, wire
from saas.simulator.accounts import Account
from saas.simulator.fans import Fan
from saas.simulator.pushes import Push
from saas.simulator.settings import SimulatorSettings
from saas.simulator.store import Store

FIRST_MSG_ID = 24_698_213_377_452_000
HEADERS = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0", "Pragma": "no-cache"}


@dataclass(frozen=True)
class Try:
    """One request of a delivery and how it went."""

    ms: float
    status: int | None
    fault: str
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A push with all its tries. status: answered, empty, failed, blocked (by MarkFail) or held (to be re-ordered)."""

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
        self._settings = settings
        timeout = urllib3.Timeout(total=settings.answer_within)
        self._http = urllib3.PoolManager(maxsize=64, retries=False, timeout=timeout)
        self._lock = threading.Lock()
        self._failures: dict[str, int] = {}
        self._silent_until: dict[str, float] = {}
        self._held: dict[str, Shipment] = {}

    def address(self, account: Account) -> str:
        """Where the account's pushes go."""
        return account.callback_url or f"{self._settings.callback_url}/wechat/{account.app_id}"

    def verify(self, account: Account) -> bool:
        """The GET with which Tencent checks an address when it is saved in the console."""
        now, nonce = str(self._store.now()), "486452656"
        echo = str(self._store.next_number("echo") + 4_375_120_948_345_356_249)
        signature = wire.sign(account.token, now, nonce)
        query = {"signature": signature, "timestamp": now, "nonce": nonce, "echostr": echo}
        try:
            answer = self._http.request("GET", self.address(account), fields=query, redirect=False)
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == 200 and answer.data.decode("utf-8", "replace") == echo

    def close(self) -> None:
        """Lets go of the open connections."""
        self._http.clear()

    def deliver(self, account: Account, fan: Fan, push: Push) -> Delivery:
        """Sends a push until it is answered or the tries are used up, and shows the answer on the phone."""
        shipment = self._prepare(account, fan, push)
        if push.shown:
            chat.record(self._store, fan, "fan", push.shown, delivery_id=shipment.id)
        if account.faults.reorder and self._hold(shipment):
            return self._close(shipment, "held", [], None)
        delivery = self._send(shipment)
        self._release(account)
        return delivery

    def _prepare(self, account: Account, fan: Fan, push: Push) -> Shipment:
        created = push.created_at or self._store.now()
        msg_id = "" if push.event else push.msg_id or str(FIRST_MSG_ID + self._store.next_number("msg_id"))
        xml = wire.build(_envelope(account, fan, push, created, msg_id))
        number = self._store.write(
            """INSERT INTO deliveries (app_id, openid, msg_type, event, msg_id, create_time, request)
               VALUES (?, ?, ?, ?, ?, ?, ?)""",
            account.app_id, fan.openid, push.msg_type, push.event, msg_id, created, xml,
        )  # fmt: skip
        chat.forget_wire(self._store, number)
        return Shipment(account=account, fan=fan, push=push, xml=xml, id=number, msg_id=msg_id, created=created)

    def _send(self, shipment: Shipment) -> Delivery:
        if self._is_silent(shipment.account):
            self._show_failure(shipment)
            return self._close(shipment, "blocked", [], None)
        tries, answer = self._try_all(shipment)
        for _ in range(shipment.account.faults.duplicate if answer else 0):
            tries.append(self._try_once(shipment)[0])
        self._count_failure(shipment.account, failed=answer is None)
        status = "failed" if answer is None else "answered" if answer.reply else "empty"
        delivery = self._close(shipment, status, tries, answer)
        self._show(shipment, delivery)
        return delivery

    def _try_all(self, shipment: Shipment) -> tuple[list[Try], replies.Answer | None]:
        tries: list[Try] = []
        for _ in range(self._settings.tries):
            if tries:
                time.sleep(max(0.0, self._settings.retry_after - tries[-1].ms / 1000))
            done, answer = self._try_once(shipment)
            tries.append(done)
            if answer:
                return tries, answer
        return tries, None

    def _try_once(self, shipment: Shipment) -> tuple[Try, replies.Answer | None]:
        """Signed anew each time: a repeat keeps MsgId and CreateTime, not timestamp and nonce."""
        account = shipment.account
        sealed = wire.seal(account, shipment.xml, openid=shipment.fan.openid, now=self._store.now())
        self._store.write("UPDATE deliveries SET sent = ? WHERE id = ?", sealed.body, shipment.id)
        url = f"{self.address(account)}?{urlencode(sealed.query)}"
        started = time.perf_counter()
        try:
            response = self._http.request("POST", url, body=sealed.body.encode(), headers=HEADERS, redirect=False)
        except (urllib3.exceptions.HTTPError, UnicodeError) as error:
            return Try(_ms(started), None, type(error).__name__), None
        spent, body = _ms(started), response.data.decode("utf-8", "replace")
        if spent > self._settings.answer_within * 1000:
            return Try(spent, response.status, "too late", body), None
        try:
            answer = self._read(shipment, response)
        except ValueError as error:
            return Try(spent, response.status, str(error), body), None
        return Try(spent, response.status, "", body), answer

    def _read(self, shipment: Shipment, response: urllib3.BaseHTTPResponse) -> replies.Answer:
        if response.status != 200:
            raise ValueError(f"HTTP {response.status}")
        limit = self._settings.text_limit
        answer = replies.read(shipment.account, response.data, openid=shipment.fan.openid, text_limit=limit)
        for media_id in replies.media_ids(answer.reply or {}):
            if media.find(self._store, shipment.account, media_id) is None:
                raise ValueError("the media_id is unknown or has expired")
        return answer

    def _close(self, shipment: Shipment, status: str, tries: list[Try], answer: replies.Answer | None) -> Delivery:
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

    def _is_silent(self, account: Account) -> bool:
        with self._lock:
            return time.monotonic() < self._silent_until.get(account.app_id, 0.0)

    def _count_failure(self, account: Account, *, failed: bool) -> None:
        """MarkFail: after many failures in a row the account gets no pushes for a minute; those are lost."""
        with self._lock:
            count = self._failures.get(account.app_id, 0) + 1 if failed else 0
            self._failures[account.app_id] = count % self._settings.mark_fail_after
            if count >= self._settings.mark_fail_after:
                self._silent_until[account.app_id] = time.monotonic() + self._settings.mark_fail_for

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


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
