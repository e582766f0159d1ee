"""PostgreSQL away for a long while under the hot event: every callback is answered out of the rules in memory and kept in
the spool, and all of them are stored and consumed once it is back; the peer is the same way with PostgreSQL there.

Ten minutes at 400 a second are played faster, as only their number matters to the spool.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from benchmarks.frame import Benchmark, Ground, Line, Result, ground
from benchmarks.gateway import brand, ledger
from benchmarks.gateway.client import Answers, send
from benchmarks.gateway.measure import said
from benchmarks.gateway.rounds import PACED_CONNECTIONS, Consumed, Ours, Prepared, Rig
from benchmarks.gateway.servers import Servers, wait_until

NAME = "outage"
MOST_SECONDS, MOST_MS = 600.0, 4_000.0
LIVE_RATE = 400
"""What goes on coming while the spool is emptied, a second."""
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How many callbacks come while PostgreSQL is away and how many a second, and for how long they come afterwards."""

    callbacks: int
    rate: int
    live_seconds: int
    normal: int = 20_000


FULL = Extent(callbacks=240_000, rate=1_600, live_seconds=60)
QUICK = Extent(callbacks=8_000, rate=1_000, live_seconds=4, normal=4_000)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The same messages with PostgreSQL there, without it, and those that came while the spool was emptied."""

    normal: Consumed
    away: Answers
    live: Answers
    spool_bytes: int
    seconds: float
    """From the moment that PostgreSQL was back until the last row was consumed."""
    kept: ledger.Kept
    lost: int


def measure(extent: Extent) -> Figures:
    """Some minutes of it; whatever happens, nothing is left running."""
    with ground(durable=True) as base, Servers() as servers:
        fans = brand.make_brand()
        with brand.administrator(base) as admin:
            admin.execute("VACUUM (ANALYZE)")
            rig = Rig(servers, base.stack.folder, admin, brand.process_environment(base))
            brand.set_mode(fans, "plain")
            with rig.ours("plain") as ours:
                with said(f"{extent.normal:,} callbacks with PostgreSQL there"):
                    normal = ours.take(rig.prepare("plain", extent.normal))
                return _measure_outage(base, rig, ours, extent, normal)


def _measure_outage(base: Ground, rig: Rig, ours: Ours, extent: Extent, normal: Consumed) -> Figures:
    before = ledger.last_id(rig.admin)
    flood = rig.prepare("plain", extent.callbacks)
    with said(f"{extent.callbacks:,} callbacks without it"), base.stack.without_postgres():
        away = _send(flood, ours, extent.rate)
        spool_bytes = sum(path.stat().st_size for path in _spool(base).iterdir())
        more = rig.prepare("plain", LIVE_RATE * extent.live_seconds)
    back = monotonic()
    with said("PostgreSQL is back"), brand.administrator(base) as admin:
        live = _send(more, ours, LIVE_RATE)
        wait_until(
            lambda: not any(_spool(base).iterdir()) and ledger.is_drained(admin),
            "the spool is empty and the journal consumed",
            patience=2 * MOST_SECONDS,
        )
        seconds = monotonic() - back
        kept = ledger.kept_after(admin, before)
    refused = sum(one.sent - one.ok for one in (away, live))
    lost = kept.lost(flood.uniques + more.uniques, refused)
    return Figures(
        normal=normal, away=away, live=live, spool_bytes=spool_bytes, seconds=seconds, kept=kept, lost=lost
    )  # fmt: skip


def _send(prepared: Prepared, ours: Ours, rate: int) -> Answers:
    return send(prepared.path, ours.port, connections=PACED_CONNECTIONS, rate=rate)


def _spool(base: Ground) -> Path:
    return base.config.data_dir / "spool"


def result_of(figures: Figures) -> dict[str, float]:
    """The figures by the names they have in bench.json."""
    away, live = figures.away, figures.live
    return {
        "callbacks": away.sent,
        "refused": sum(one.sent - one.ok for one in (away, live)),
        "away_per_second": round(away.per_second, 1),
        "away_p99_ms": round(away.p99_ms, 1),
        "slowest_ms": round(max(away.max_ms, live.max_ms), 1),
        "spool_mb": round(figures.spool_bytes / MEGABYTE, 1),
        "seconds": round(figures.seconds, 1),
        "per_second": round((away.sent + live.sent) / figures.seconds, 1),
        "normal_per_second": round(figures.normal.per_second, 1),
        "live_p99_ms": round(live.p99_ms, 1),
        "normal_p99_ms": round(figures.normal.answers.p99_ms, 1),
        "lost": figures.lost,
        "doubled": figures.kept.doubled,
    }


def lines(result: Result) -> Iterator[Line]:
    """The table."""
    yield Line(NAME, "callbacks while PostgreSQL is away", result["callbacks"])
    yield Line(NAME, "… answered a second", result["away_per_second"])
    yield Line(NAME, "… p99 (ms)", result["away_p99_ms"])
    yield Line(NAME, "… in the spool at its return (MB)", result["spool_mb"])
    yield _most("stored and consumed after its return (s)", result["seconds"], MOST_SECONDS)
    yield Line(NAME, "… a second | with PostgreSQL there", result["per_second"], result["normal_per_second"])
    yield Line(
        NAME,
        f"p99 meanwhile at {LIVE_RATE} a second (ms) | at full speed",
        result["live_p99_ms"],
        result["normal_p99_ms"],
    )
    yield _most("the slowest answer of all (ms)", result["slowest_ms"], MOST_MS)
    for name in ("refused", "lost", "doubled"):
        yield _most(name, result[name], 0)


def _most(figure: str, ours: float, mark: float) -> Line:
    return Line(NAME, figure, ours, None, f"<= {mark:,g}", ours <= mark)


BENCHMARK = Benchmark(NAME, lambda: result_of(measure(FULL)), lines, lambda: result_of(measure(QUICK)))
