"""Accidents on Tencent's side, ordered for the next calls of a path: which call is struck, and what its caller gets."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from flask import Response, request

from saas.simulator.errcodes import Refused
from saas.simulator.store import Row, Store

BOOKED = {"errcode": False, "html": False, "reset": True, "timeout": True, "half": True, "slow": True}
SECONDS = {"timeout": 30.0, "slow": 4.9}
ANY = "*"
PREFIX = "/cgi-bin/"
PAGE = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One order. `skip` calls pass first, then `times` are struck (0: all); `booked` calls are carried out all the same."""

    id: int = 0
    app_id: str = ANY
    path: str = ANY
    kind: str
    skip: int = 0
    times: int = 1
    errcode: int = -1
    seconds: float = 0.0
    booked: bool
    seen: int = 0
    hits: int = 0

    @property
    def is_heard(self) -> bool:
        """Whether the caller learns how the call ended."""
        return self.kind in ("errcode", "slow")


def order(store: Store, values: Mapping[str, object]) -> Fault:
    """Adds one. Raises Refused for an unknown kind or a wrong value."""
    kind = str(values.get("kind"))
    if kind not in BOOKED:
        raise Refused(f"kind is one of {', '.join(BOOKED)}")
    path = str(values.get("path") or ANY)
    try:
        fault = Fault(
            app_id=str(values.get("app_id") or ANY), kind=kind, booked=bool(values.get("booked", BOOKED[kind])),
            path=path if path.startswith("/") or path == ANY else PREFIX + path,
            skip=int(str(values.get("skip", 0))), times=int(str(values.get("times", 1))), errcode=int(str(values.get("errcode", -1))),
            seconds=float(str(values.get("seconds", SECONDS.get(kind, 0)))),
        )  # fmt: skip
    except ValueError:
        raise Refused("a value has the wrong type") from None
    number = store.write(
        "INSERT INTO faults (app_id, path, kind, skip, times, errcode, seconds, booked) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        fault.app_id, fault.path, kind, fault.skip, fault.times, fault.errcode, fault.seconds, int(fault.booked),
    )  # fmt: skip
    return Fault(**{**asdict(fault), "id": number})


def list_faults(store: Store) -> list[Fault]:
    """All orders with how many calls they saw and struck."""
    return [_from_row(row) for row in store.rows("SELECT * FROM faults ORDER BY id")]


def remove(store: Store, number: int | None) -> int:
    """Takes back one order, or all; how many."""
    return store.write("DELETE FROM faults WHERE id = ? OR ? IS NULL", number, number)


def strike(store: Store, app_id: str, path: str) -> Fault | None:
    """The first order that strikes this call; those that let it pass have seen it."""
    sql = "SELECT * FROM faults WHERE app_id IN (?, ?) AND path IN (?, ?) AND (times = 0 OR hits < times) ORDER BY id"
    if not (store.row(sql, app_id, ANY, path, ANY)):
        return None
    with store.transaction():
        for fault in map(_from_row, store.rows(sql, app_id, ANY, path, ANY)):
            struck = int(fault.seen >= fault.skip)
            store.write("UPDATE faults SET seen = seen + 1, hits = hits + ? WHERE id = ?", struck, fault.id)
            if struck:
                return fault
    return None


def disturb(fault: Fault, answer: Response) -> Response:
    """What the caller gets instead of the answer."""
    if fault.kind in ("slow", "timeout"):
        time.sleep(fault.seconds)
    if fault.kind in ("reset", "timeout"):
        return _cut()
    if fault.kind == "html":
        return Response(PAGE, 502, mimetype="text/html")
    if fault.kind == "half":
        body = answer.get_data()
        return Response(body[: len(body) // 2], content_type=answer.content_type)
    return answer


def _cut() -> Response:
    """Ends the connection before a byte is sent: at the socket where there is one, else by promising more than is given."""
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
    short = Response(iter([b"{"]), headers={"Content-Length": "64"})
    short.automatically_set_content_length = False
    return short


def _from_row(row: Row) -> Fault:
    plain = {item.name: row[item.name] for item in fields(Fault)}
    return Fault(**{**plain, "booked": bool(row["booked"])})
