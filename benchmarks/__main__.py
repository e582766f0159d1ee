"""`python -m benchmarks [--quick] [name …]`: runs the benchmarks, prints a table, writes var/bench.json.

The quick form, of those that have one, is a first impression: it holds no marks and writes nothing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks import hq_page, outage
from benchmarks.frame import Benchmark, Line
from benchmarks.gateway import bench as gateway

RECORD = Path("var/bench.json")
BENCHMARKS: tuple[Benchmark, ...] = (gateway.BENCHMARK, outage.BENCHMARK, hq_page.BENCHMARK)


QUICK = "--quick"


def main(arguments: list[str]) -> int:
    """Runs the benchmarks of these names, all without any; 1 when one misses its mark."""
    names = [one for one in arguments if one != QUICK]
    chosen = [one for one in BENCHMARKS if not names or one.name in names]
    unknown = set(names) - {one.name for one in BENCHMARKS}
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there is {', '.join(one.name for one in BENCHMARKS)}")
        return 2
    if QUICK in arguments:
        print_table([line for one in chosen if one.quick for line in one.lines(one.quick())])
        return 0
    results = {one.name: one.run() for one in chosen}
    lines = [line for one in chosen for line in one.lines(results[one.name])]
    print_table(lines)
    keep(results)
    return 0 if all(line.holds for line in lines) else 1


def print_table(lines: list[Line]) -> None:
    """One line per figure, its peer and its mark beside it."""
    rows = [("benchmark", "figure", "ours", "peer", "mark", ""), *(line.cells() for line in lines)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def keep(results: Mapping[str, Mapping[str, float]]) -> None:
    """Writes the results beside those of benchmarks that did not run now."""
    before = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps({**before, **results}, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
