"""`python -m tests.faults SEED [short]`: the long form of the fault matrix, a line per cell, then the invariants.

Writes var/chaos.log as well, and leaves the processes' logs in var/chaos/. The status says whether every cell was reached and every invariant holds.
"""

from __future__ import annotations

import logging
import shutil
import sys
import time
from typing import TextIO

from tests.faults.accountant import judge
from tests.faults.books import collect, wait_for_quiet
from tests.faults.cells import Cell, long, short
from tests.faults.driver import Driver
from tests.faults.rig import ROOT, started

LOG, LOGS = ROOT / "var" / "chaos.log", ROOT / "var" / "chaos"


def main(arguments: list[str]) -> int:
    """Runs the matrix of a seed."""
    seed = int(arguments[0]) if arguments else int(time.time())
    cells = short(seed) if "short" in arguments else long(seed)
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("w") as log:
        return 0 if run(seed, cells, log) else 1


def run(seed: int, cells: list[Cell], log: TextIO) -> bool:
    """One rig for all cells."""
    began = time.monotonic()

    def say(line: str) -> None:
        text = f"{time.monotonic() - began:7.1f}  {line}\n"
        sys.stdout.write(text)
        sys.stdout.flush()
        log.write(text)
        log.flush()

    say(f"seed {seed}: {len(cells)} cells")
    with started(seed) as rig:
        driver = Driver(rig, seconds=60.0 * len(cells))
        for cell in cells:
            say(driver.run(cell).line)
        say(f"nothing open after {wait_for_quiet(rig):.1f} s")
        verdicts = judge(collect(rig, driver.outcomes))
        shutil.copytree(rig.folder / "logs", LOGS, dirs_exist_ok=True)
    for verdict in verdicts:
        say(verdict.line)
    missed = sum(not outcome.reached for outcome in driver.outcomes)
    broken = sum(not verdict.holds for verdict in verdicts)
    say(
        f"seed {seed}: {len(cells) - missed} of {len(cells)} cells reached, {len(verdicts) - broken} of {len(verdicts)} invariants hold"
    )
    return not missed and not broken


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # the simulator's requests
    sys.exit(main(sys.argv[1:]))
