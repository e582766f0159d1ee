"""The gateway beside what stores nothing: a bare Flask and wechatpy echo, and WeRoBot, on the same server.

Each pass sends the same prepared pushes, two in a hundred of them twice; ours counts until the last row is consumed.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.frame import Benchmark, Line, Result
from benchmarks.gateway.measure import FULL, QUICK, RATE, Figures, ModeFigures, measure, median_of

NAME = "gateway"
LEAST_RATIO, LEAST_PER_SECOND, MOST_P99_MS, LEAST_HELD = 0.20, 1_500, 300.0, 0.99 * RATE
MOST_GROWTH, MOST_MIB, MOST_CLIENT = 1.3, 350.0, 0.20
LEAST_ECHO = {"plain": 0.12, "safe": 0.10}
"""What the echo must reach, of the same server's empty answer in the same run: below it the run says nothing."""


def run() -> Result:
    """All of it: about ten minutes."""
    return result_of(measure(FULL))


def quick() -> Result:
    """A first impression: one short round, small tables, half a minute."""
    return result_of(measure(QUICK))


def result_of(figures: Figures) -> dict[str, float]:
    """The figures by the names they have in bench.json."""
    result: dict[str, float] = {}
    for mode, found in figures.modes.items():
        result |= {f"{name}_{mode}": round(value, 3) for name, value in _of_mode(found).items()}
    result |= {
        "p99_ms_at_1000": round(max(found.paced.answers.planned_p99_ms for found in figures.modes.values()), 1),
        "lost": sum(one.lost for one in figures.passes),
        "doubled": sum(one.kept.doubled for one in figures.passes),
        "refused": sum(one.answers.sent - one.answers.ok for one in figures.passes),
        "rows_stored": sum(one.kept.journal for one in figures.passes),
        "rows_consumed": sum(one.kept.done for one in figures.passes),
    }
    if figures.weight:
        empty, full = figures.weight
        result |= {
            "worker_mib": round(full.rss, 1),
            "worker_own_mib": round(full.own, 1),
            "worker_empty_mib": round(empty.rss, 1),
        }
    if figures.grown:
        result |= _of_history(figures)
    return result


def _of_mode(found: ModeFigures) -> dict[str, float]:
    ours, echo, robot = found.ours, found.peers["echo"], found.peers["robot"]
    measured = {"echo": echo.answers, "robot": robot.answers, "answers": ours.answers}
    return {
        "ratio": ours.per_second / echo.per_second,
        "per_second": ours.per_second,
        **{f"{name}_per_second": one.per_second for name, one in measured.items()},
        **{f"{name}_p50_ms": one.p50_ms for name, one in measured.items()},
        **{f"{name}_p99_ms": one.p99_ms for name, one in measured.items()},
        "hello_per_second": found.peers["hello"].per_second,
        "echo_of_hello": echo.per_second / found.peers["hello"].per_second,
        "drain_seconds": ours.drain_seconds,
        "client_share": max(one.cpu_share for one in measured.values()),
        **{f"{name}_us": each for name, each in ours.cpu_us.items()},
        "ours_us": sum(ours.cpu_us.values()),
        "echo_us": echo.cpu_us,
        "held_per_second": found.paced.answers.per_second,
        "held_late_ms": found.paced.answers.late_ms,
        "held_p50_ms": found.paced.answers.p50_ms,
        "held_p99_ms": found.paced.answers.p99_ms,
        "held_planned_p99_ms": found.paced.answers.planned_p99_ms,
        "alone_per_second": found.alone.per_second,
    }


def _of_history(figures: Figures) -> dict[str, float]:
    empty, grown = (median_of(passes).seconds for passes in (figures.empty, figures.grown))
    return {
        "grown_factor": round(grown / empty, 3),
        "grown_seconds": round(grown, 2),
        "empty_seconds": round(empty, 2),
        "history_rows": figures.history_rows,
        "history_fill_seconds": round(figures.fill_seconds, 1),
    }


def lines(result: Result) -> Iterator[Line]:
    """The table."""
    for mode in ("plain", "safe"):
        yield from _lines_of_mode(result, mode)
    yield _most("p99 at 1,000 a second, from the planned moment (ms, at most)", result["p99_ms_at_1000"], MOST_P99_MS)
    for name in ("lost", "doubled", "refused"):
        yield _most(name, result[name], 0)
    yield Line(NAME, "rows stored", result["rows_stored"])
    yield Line(NAME, "rows consumed", result["rows_consumed"], result["rows_stored"])
    if "worker_mib" in result:
        yield Line(NAME, "worker, nothing loaded: RSS (MiB)", result["worker_empty_mib"])
        yield _most("worker, 500 accounts × 200 rules: RSS (MiB)", result["worker_mib"], MOST_MIB)
        yield Line(NAME, "… of which its own alone: USS (MiB)", result["worker_own_mib"])
    if "grown_factor" in result:
        yield Line(NAME, f"filling {result['history_rows']:,.0f} rows (s)", result["history_fill_seconds"])
        yield Line(
            NAME, "time on top of them, beside empty tables (s)", result["grown_seconds"], result["empty_seconds"]
        )
        yield _most("… times as long", result["grown_factor"], MOST_GROWTH)


def _lines_of_mode(result: Result, mode: str) -> Iterator[Line]:
    def of(name: str) -> float:
        return result[f"{name}_{mode}"]

    yield _least(f"{mode}: the echo, of an empty answer (ratio)", of("echo_of_hello"), LEAST_ECHO[mode])
    yield _least(
        f"{mode}: stored and consumed a second | echo", of("per_second"), LEAST_PER_SECOND, of("echo_per_second")
    )
    yield _least(f"{mode}: ratio to the echo", of("ratio"), LEAST_RATIO)
    yield Line(NAME, f"{mode}: stored and consumed a second, one worker", of("alone_per_second"))
    yield Line(NAME, f"{mode}: answers a second | WeRoBot", of("answers_per_second"), of("robot_per_second"))
    yield Line(NAME, f"{mode}: p50 at full speed (ms) | echo", of("answers_p50_ms"), of("echo_p50_ms"))
    yield Line(NAME, f"{mode}: p99 at full speed (ms) | echo", of("answers_p99_ms"), of("echo_p99_ms"))
    yield Line(NAME, f"{mode}: consumed after the last answer (s)", of("drain_seconds"))
    yield Line(NAME, f"{mode}: processor time a message (µs) | echo", of("ours_us"), of("echo_us"))
    for name in ("server", "consumer", "postgres"):
        yield Line(NAME, f"{mode}: … of which {name} (µs)", of(f"{name}_us"))
    yield _most(f"{mode}: client, % of all cores", of("client_share") * 100, MOST_CLIENT * 100)
    yield _least(f"{mode}: pace held (a second)", of("held_per_second"), LEAST_HELD)
    yield Line(NAME, f"{mode}: p50 | p99 at that pace, once sent (ms)", of("held_p50_ms"), of("held_p99_ms"))
    yield Line(NAME, f"{mode}: … of 1,000, the 995th was sent late by (ms)", of("held_late_ms"))
    yield Line(NAME, f"{mode}: … p99 from the planned moment (ms, at most)", of("held_planned_p99_ms"))


def _least(figure: str, ours: float, mark: float, peer: float | None = None) -> Line:
    return Line(NAME, figure, ours, peer, f">= {mark:,g}", ours >= mark)


def _most(figure: str, ours: float, mark: float) -> Line:
    return Line(NAME, figure, ours, None, f"<= {mark:,g}", ours <= mark)


BENCHMARK = Benchmark(NAME, run, lines, quick)
