"""The door of Tencent's API: token, method, quota, body, faults; then the call itself."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Flask, Request, Response, request

from saas.simulator import accounts, faults, ledger, quotas, tokens
from saas.simulator.accounts import Account
from saas.simulator.component import grants, sets
from saas.simulator.errcodes import ApiError, Refused
from saas.simulator.faults import Fault
from saas.simulator.store import Store

log = logging.getLogger(__name__)
ESCAPED = re.compile(rb"\\u[0-9a-fA-F]{4}")


@dataclass(frozen=True)
class Call:
    """An admitted call. `account` is whose token it carries."""

    store: Store
    account: Account
    request: Request
    body: Mapping[str, object]

    def text(self, name: str, missing: int = 40035) -> str:
        """A text of the body; raises ApiError when it is absent."""
        found = self.body.get(name)
        if found is None or isinstance(found, dict | list):
            raise ApiError(missing)
        return str(found)

    def number(self, name: str, missing: int = 40035) -> int:
        """A whole number of the body."""
        try:
            return int(self.text(name, missing))
        except ValueError:
            raise ApiError(missing) from None

    @property
    def marker(self) -> str:
        """What the caller wrote on the call, for the books."""
        return self.request.headers.get("X-Effect", "")

    def group(self, name: str, missing: int = 40035) -> Mapping[str, object]:
        """An object of the body."""
        found = self.body.get(name)
        if not isinstance(found, dict):
            raise ApiError(missing)
        return found

    def texts(self, name: str, most: int) -> list[str]:
        """A list of 1 to `most` texts."""
        found = self.body.get(name)
        if not isinstance(found, list) or not 1 <= len(found) <= most:
            raise ApiError(40032)
        return [str(item) for item in found]


Answer = Mapping[str, object] | Response


@dataclass(frozen=True)
class Route:
    """One API: where it is, how it is called, what it needs."""

    path: str
    answer: Callable[[Call], Answer]
    method: str
    verified: bool
    raw_text: bool


@dataclass(frozen=True)
class Routes:
    """The APIs of one file. `verified` ones answer 48001 for an account that is not; `raw_text` ones refuse escaped characters."""

    found: list[Route] = field(default_factory=list)

    def get(
        self, path: str, *, verified: bool = True
    ) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:
        """Registers an API that is read with GET."""
        return self._add(path, "GET", verified=verified)

    def post(
        self, path: str, *, verified: bool = True, raw_text: bool = False
    ) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:  # fmt: skip
        """Registers an API that takes a POST."""
        return self._add(path, "POST", verified=verified, raw_text=raw_text)

    def _add(
        self, path: str, method: str, *, verified: bool, raw_text: bool = False
    ) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:  # fmt: skip
        def register(answer: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
            self.found.append(Route(path, answer, method, verified, raw_text))
            return answer

        return register


def mount(app: Flask, store: Store, groups: tuple[Routes, ...]) -> None:
    """Gives every API its address; an unknown one below Tencent's paths answers 40066."""
    for route in (route for group in groups for route in group.found):
        app.add_url_rule(route.path, f"api{route.path}", _view(route, store), methods=["GET", "POST"])
    for prefix in ("/cgi-bin", "/datacube", "/customservice", "/wxaapi", "/sns"):
        app.add_url_rule(
            f"{prefix}/<path:rest>",
            f"api{prefix}",
            lambda rest: refusal(ApiError(40066), store),
            methods=["GET", "POST"],
        )


def refusal(error: ApiError, store: Store) -> Response:
    """HTTP 200 with errcode, errmsg and an id of the request."""
    rid = f"{store.now():x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    return as_json({"errcode": error.code, "errmsg": f"{error.text} rid: {rid}", **error.data})


def as_json(values: Mapping[str, object]) -> Response:
    """JSON with its characters as they are."""
    return Response(json.dumps(values, ensure_ascii=False), content_type="application/json; encoding=utf-8")


def parse_body(sent: Request) -> Mapping[str, object]:
    """The JSON object of a POST; a form or a file has none."""
    if sent.method == "GET" or sent.mimetype.startswith("multipart/"):
        return {}
    data = sent.get_data()
    if not data:
        raise ApiError(44002)
    try:
        found = json.loads(data)
    except ValueError:
        raise ApiError(47001) from None
    if not isinstance(found, dict):
        raise ApiError(47001)
    return found


def fail_on_purpose(account: Account, path: str) -> None:
    """The account's faults: a slow answer, an error code for this path or for all."""
    if account.faults.answer_delay:
        time.sleep(account.faults.answer_delay)
    short = path.removeprefix("/cgi-bin/")
    for name in (path, short, "*"):
        if account.faults.errcodes.get(name):
            raise ApiError(int(account.faults.errcodes[name]))


def answered(store: Store, app_id: str, path: str, perform: Callable[[], Answer]) -> Response:
    """Carries a call out, or has an accident instead or afterwards. The books know of it before its caller does."""
    started, fault = time.perf_counter(), faults.strike(store, app_id, path)
    errcode, answer = _struck(store, fault, perform) if fault else _performed(store, perform)
    ms = round((time.perf_counter() - started) * 1000, 2)
    told = errcode if fault is None or fault.is_heard else None
    ledger.record_call(store, ledger.Called(app_id, path, ms, told, fault.kind if fault else ""))
    if errcode:
        log.info("api %s errcode %d", path, errcode)
    return faults.disturb(fault, answer) if fault else answer


def bearer(store: Store, *names: str) -> tokens.Holder:
    """Whom the token in the query speaks for; raises ApiError."""
    token = next((request.args[name] for name in names if request.args.get(name)), "")
    if not token:
        raise ApiError(41001)
    return tokens.holder_of(store, token)


def _performed(store: Store, perform: Callable[[], Answer]) -> tuple[int, Response]:
    try:
        answer = perform()
    except ApiError as error:
        return error.code, refusal(error, store)
    return 0, answer if isinstance(answer, Response) else as_json(answer or {"errcode": 0, "errmsg": "ok"})


def _struck(store: Store, fault: Fault, perform: Callable[[], Answer]) -> tuple[int, Response]:
    if fault.kind == "errcode":
        return _performed(store, lambda: _refuse(fault.errcode, perform if fault.booked else None))
    return _performed(store, perform) if fault.booked else (0, as_json({}))


def _refuse(code: int, perform: Callable[[], Answer] | None) -> Answer:
    if perform:
        perform()
    raise ApiError(code)


def _view(route: Route, store: Store) -> Callable[[], Response]:
    def view() -> Response:
        try:
            holder = bearer(store, "access_token")
            account = _account_of(store, holder)
        except ApiError as error:
            code = error.code
            return answered(store, "", route.path, lambda: _refuse(code, None))
        return answered(store, account.app_id, route.path, lambda: route.answer(_admit(route, store, account, holder)))

    return view


def _admit(route: Route, store: Store, account: Account, holder: tokens.Holder) -> Call:
    if route.method == "POST" and request.method == "GET":
        raise ApiError(43002)
    fail_on_purpose(account, route.path)
    if account.faults.refuse_token:
        raise ApiError(40001)
    if holder.component:
        _check_granted(store, holder, route.path)
    if route.verified and not account.verified:
        raise ApiError(48001)
    quotas.spend(store, account, route.path)
    if route.raw_text and ESCAPED.search(request.get_data()):
        raise ApiError(40033)
    return Call(store, account, request, parse_body(request) if route.method == "POST" else {})


def _account_of(store: Store, holder: tokens.Holder) -> Account:
    try:
        return accounts.access_account(store, holder.app_id)
    except Refused:
        raise ApiError(40001) from None


def _check_granted(store: Store, holder: tokens.Holder, path: str) -> None:
    needed, grant = sets.needed_for(path), grants.find_grant(store, holder.component, holder.app_id)
    if grant is None:
        raise ApiError(40001)
    if needed is not None and needed not in grant.sets:
        raise ApiError(61007)
