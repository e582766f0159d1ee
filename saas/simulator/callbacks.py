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


class Callbacks:
    """Delivers pushes over HTTP; safe to use from many threads."""

    def __init__(self, store: Store, settings: SimulatorSettings) -> None:
        self._store = store
        self._settings = settings
        self._http = urllib3.PoolManager(maxsize=64, retries=False, timeout=urllib3.Timeout(total=settings.answer_within))
        self._lock = threading.Lock()
        self._failures: dict[str, int] = {}
        self._silent_until: dict[str, float] = {}
        self._held: dict[str, tuple[Fan, Push, str, int]] = {}

    def address(self, account: Account) -> str:
        return account.callback_url or f"{self._settings.callback_url}/wechat/{account.app_id}"

    def verify(self, account: Account) -> bool:
        """The GET with which Tencent checks an address when it is saved in the console."""
        now, nonce, echo = str(self._store.now()), "486452656", str(self._store.next_number("echo") + 4_375_120_948_345_356_249)
        query = {"signature": wire.sign(account.token, now, nonce), "timestamp": now, "nonce": nonce, "echostr": echo}
        try:
            answer = self._http.request("GET", self.address(account), fields=query, redirect=False)
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == 200 and answer.data.decode("utf-8", "replace") == echo

    def deliver(self, account: Account, fan: Fan, push: Push) -> Delivery:
        """Sends a push until it is answered or the tries are used up, and shows the answer on the phone."""
        created = push.created_at or self._store.now()
        msg_id = "" if push.event else push.msg_id or str(24_698_213_377_452_000 + self._store.next_number("msg_id"))
        xml = wire.build(_envelope(account, fan, push, created, msg_id))
        number = self._store.write(
            "INSERT INTO deliveries (app_id, openid, msg_type, event, msg_id, create_time, request) VALUES (?, ?, ?, ?, ?, ?, ?)",
            account.app_id, fan.openid, push.msg_type, push.event, msg_id, created, xml,
        )  # fmt: skip
        if push.shown:
            chat.record(self._store, fan, "fan", push.shown, delivery_id=number)
        if account.faults.reorder and self._hold(account, fan, push, xml, number):
            return self._close(number, msg_id, created, "held", [], None)
        delivery = self._send(account, fan, push, xml, number=number, msg_id=msg_id, created=created)
        self._release(account)
        return delivery

    def _send(self, account: Account, fan: Fan, push: Push, xml: str, *, number: int, msg_id: str, created: int) -> Delivery:
        if self._is_silent(account):
            self._show_failure(fan, push, number)
            return self._close(number, msg_id, created, "blocked", [], None)
        tries, answer = self._try_all(account, fan, xml, number)
        for _ in range(account.faults.duplicate if answer else 0):
            repeated, _ignored = self._try_once(account, fan, xml)
            tries.append(repeated)
        self._count_failure(account, failed=answer is None)
        status = "failed" if answer is None else "answered" if answer.reply else "empty"
        delivery = self._close(number, msg_id, created, status, tries, answer)
        self._show(fan, push, delivery)
        return delivery

    def _try_all(self, account: Account, fan: Fan, xml: str, number: int) -> tuple[list[Try], replies.Answer | None]:
        tries: list[Try] = []
        for _ in range(self._settings.tries):
            if tries:
                time.sleep(max(0.0, self._settings.retry_after - tries[-1].ms / 1000))
            done, answer = self._try_once(account, fan, xml, number)
            tries.append(done)
            if answer:
                return tries, answer
        return tries, None

    def _try_once(self, account: Account, fan: Fan, xml: str, number: int = 0) -> tuple[Try, replies.Answer | None]:
        sealed = wire.seal(account, xml, openid=fan.openid, now=self._store.now())
        if number:
            self._store.write("UPDATE deliveries SET sent = ? WHERE id = ?", sealed.body, number)
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
            answer = self._read(account, fan, response)
        except ValueError as error:
            return Try(spent, response.status, str(error), body), None
        return Try(spent, response.status, "", body), answer

    def _read(self, account: Account, fan: Fan, response: urllib3.BaseHTTPResponse) -> replies.Answer:
        if response.status != 200:
            raise ValueError(f"HTTP {response.status}")
        answer = replies.read(account, response.data, openid=fan.openid, text_limit=self._settings.text_limit)
        for media_id in replies.media_ids(answer.reply or {}):
            if media.find(self._store, account, media_id) is None:
                raise ValueError("the media_id is unknown or has expired")
        return answer

    def _close(
        self, number: int, msg_id: str, created: int, status: str, tries: list[Try], answer: replies.Answer | None
    ) -> Delivery:  # fmt: skip
        delivery = Delivery(
            id=number, msg_id=msg_id, create_time=created, status=status, deliveries=len(tries), ms=tries[-1].ms if tries else None,
            reply=answer.reply if answer else None, raw=tries[-1].body if tries else "", tries=tuple(tries),
        )  # fmt: skip
        self._store.write(
            "UPDATE deliveries SET status = ?, tries = ?, count = ?, ms = ?, raw = ?, answer = ?, reply = ? WHERE id = ?",
            status, json.dumps([asdict(one) for one in tries]), len(tries), delivery.ms, delivery.raw,
            answer.clear if answer else "", json.dumps(delivery.reply, ensure_ascii=False), number,
        )  # fmt: skip
        return delivery

    def _show(self, fan: Fan, push: Push, delivery: Delivery) -> None:
        if delivery.status == "failed":
            self._show_failure(fan, push, delivery.id)
        elif delivery.reply and push.answerable:
            chat.record(self._store, fan, "passive", delivery.reply, delivery_id=delivery.id)

    def _show_failure(self, fan: Fan, push: Push, number: int) -> None:
        if push.answerable and push.event != "LOCATION":
            chat.record(self._store, fan, "failure", {"type": "failure"}, delivery_id=number)

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

    def _hold(self, account: Account, fan: Fan, push: Push, xml: str, number: int) -> bool:
        with self._lock:
            if account.app_id in self._held:
                return False
            self._held[account.app_id] = (fan, push, xml, number)
            return True

    def _release(self, account: Account) -> None:
        with self._lock:
            held = self._held.pop(account.app_id, None)
        if held:
            fan, push, xml, number = held
            row = self._store.row("SELECT msg_id, create_time FROM deliveries WHERE id = ?", number)
            if row:
                self._send(account, fan, push, xml, number=number, msg_id=row["msg_id"], created=row["create_time"])


def _envelope(account: Account, fan: Fan, push: Push, created: int, msg_id: str) -> dict[str, object]:
    common = {"ToUserName": account.original_id, "FromUserName": fan.openid, "CreateTime": created, "MsgType": push.msg_type}
    number = {"MsgId": int(msg_id)} if msg_id.isdecimal() else {}
    return {**common, **push.fields, **number}


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
