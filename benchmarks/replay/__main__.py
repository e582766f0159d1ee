"""`python -m benchmarks.replay`: plays the hot event on the running product, and shows it; `make replay` calls it."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence

from benchmarks.replay.run import Wish, show
from benchmarks.replay.stage import NoStage, read_stage
from benchmarks.replay.story import RATE, TOTAL
from saas.config import Config

PAGE_PORT = 8009


def main(arguments: Sequence[str]) -> int:
    """0 when nothing was lost."""
    wanted = parse(arguments)
    try:
        stage = read_stage(Config.from_env().data_dir)
    except NoStage as reason:
        print(f"✗ {reason}", file=sys.stderr)
        return 2
    return asyncio.run(show(stage, Wish(wanted.rate, wanted.total, wanted.seed, wanted.port)))


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options; the total follows from rate and duration when it isn't given."""
    parser = argparse.ArgumentParser(prog="make replay", description=__doc__)
    parser.add_argument("--rate", type=float, default=RATE, help="messages a second, on average")
    parser.add_argument("--total", type=int, help="how many messages")
    parser.add_argument("--duration", type=float, help="for how many seconds")
    parser.add_argument("--port", type=int, default=PAGE_PORT, help="of the live page")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same seed tells the same story")
    wanted = parser.parse_args(arguments)
    if wanted.rate <= 0 or (wanted.duration or 1) <= 0 or (wanted.total or 1) <= 0:
        parser.error("rate, duration and total are above zero")
    wanted.total = wanted.total or (round(wanted.rate * wanted.duration) if wanted.duration else TOTAL)
    return wanted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
