"""The whole measurement: rounds in both modes, a paced run, a worker's weight, and all again on ten million rows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from psycopg.conninfo import make_conninfo

from benchmarks.frame import Ground, ground
from benchmarks.gateway import brand, memory
from benchmarks.gateway.account import MODES
from benchmarks.gateway.history import ROWS, History, fill
from benchmarks.gateway.rounds import PEERS, WARM, Consumed, Echoed, Rig
from benchmarks.gateway.servers import Servers

RATE = 1_000
Pass = TypeVar("Pass", Echoed, Consumed)


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How much is measured."""

    rounds: int
    requests: int
    paced_seconds: int
    history_rows: int = 0
    weighs: bool = False


FULL = Extent(rounds=3, requests=20_000, paced_seconds=20, history_rows=ROWS, weighs=True)
QUICK = Extent(rounds=1, requests=4_000, paced_seconds=4)


@dataclass(frozen=True)
class ModeFigures:
    """One mode: the median pass of each peer, all passes of ours, ours at a steady pace, and ours with one worker.

    One worker is what an account has in production: all its callbacks go to the same process.
    """

    peers: Mapping[str, Echoed]
    passes: Sequence[Consumed]
    paced: Consumed
    alone: Consumed

    @property
    def ours(self) -> Consumed:
        """The median pass."""
        return median_of(self.passes)


@dataclass(frozen=True)
class Figures:
    """All that was measured; what an extent leaves out is None. `empty` comes right before the history, `grown` right after."""

    modes: Mapping[str, ModeFigures]
    empty: Sequence[Consumed] = ()
    grown: Sequence[Consumed] = ()
    fill_seconds: float = 0.0
    history_rows: int = 0
    weight: tuple[memory.Weight, memory.Weight] | None = None

    @property
    def passes(self) -> list[Consumed]:
        """Everything that was sent to us, and must be there once."""
        of_modes = [one for mode in self.modes.values() for one in (*mode.passes, mode.paced, mode.alone)]
        return [*of_modes, *self.empty, *self.grown]


def measure(extent: Extent) -> Figures:
    """Some minutes of it; whatever happens, nothing is left running."""
    with ground(durable=True) as base, Servers() as servers, brand.administrator(base) as admin:
        with said("a brand with 2,000 rules and 100,000 fans"):
            fans = brand.make_brand()
            admin.execute("VACUUM (ANALYZE)")
        rig = Rig(servers, base.stack.folder, admin, brand.process_environment(base))
        modes = {mode: _measure_mode(rig, fans, mode, extent) for mode in MODES}
        with said("a worker with 500 accounts") if extent.weighs else said(""):
            weight = memory.weigh(servers, brand.process_environment(base)) if extent.weighs else None
        if not extent.history_rows:
            return Figures(modes, weight=weight)
        brand.set_mode(fans, "plain")
        empty = _measure_again(rig, extent, "plain mode once more")
        seconds = _fill(base, fans, extent)
        grown = _measure_again(rig, extent, "plain mode on top of them")
        return Figures(modes, empty, grown, seconds, extent.history_rows, weight)


def _measure_mode(rig: Rig, fans: brand.Brand, mode: str, extent: Extent) -> ModeFigures:
    brand.set_mode(fans, mode)
    echoed: dict[str, list[Echoed]] = {name: [] for name in PEERS}
    passes = []
    with said(f"{mode} mode"), rig.peers() as peers, rig.ours(mode) as ours:
        for name in PEERS:
            peers[name].take(rig.prepare(mode, WARM))
        for _ in range(extent.rounds):
            prepared = rig.prepare(mode, extent.requests)
            for name in PEERS:
                echoed[name].append(peers[name].take(prepared))
            passes.append(ours.take(prepared))
        paced = ours.take(rig.prepare(mode, RATE * extent.paced_seconds), rate=RATE)
    with said(f"{mode} mode, one worker"), rig.ours(mode, workers=1) as ours:
        alone = ours.take(rig.prepare(mode, extent.requests))
    return ModeFigures({name: median_of(runs) for name, runs in echoed.items()}, passes, paced, alone)


def _fill(base: Ground, fans: brand.Brand, extent: Extent) -> float:
    """Writes the history; how many seconds that took."""
    begun = time.monotonic()
    with said(f"{extent.history_rows:,} rows of history"):
        fill(History(make_conninfo(base.stack.admin_url, dbname=base.database), fans, extent.history_rows))
        os.sync()  # what the kernel has still to write must not slow what is measured
    return time.monotonic() - begun


def _measure_again(rig: Rig, extent: Extent, what: str) -> list[Consumed]:
    with said(what), rig.ours("plain") as ours:
        return [ours.take(rig.prepare("plain", extent.requests)) for _ in range(extent.rounds)]


def median_of(passes: Sequence[Pass]) -> Pass:
    """The pass in the middle, by its speed."""
    by_speed: Callable[[Pass], float] = lambda one: one.per_second  # noqa: E731
    return sorted(passes, key=by_speed)[len(passes) // 2]


@contextmanager
def said(what: str) -> Iterator[None]:
    """Tells whoever waits what is going on, and how long it took."""
    begun = time.monotonic()
    if what:
        print(f"· {what} …", flush=True)
    yield
    if what:
        print(f"  {time.monotonic() - begun:.0f} s", flush=True)
