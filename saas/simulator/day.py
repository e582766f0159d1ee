"""Plays a day of a brand: its fans follow, scan, write, tap and leave, through the real callbacks."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import click
import urllib3

from saas.config import Config
from saas.simulator.scripts import Stage, Visit, write_day

FANS_AT_ONCE = 8
PATIENCE = 60.0


@dataclass(frozen=True, kw_only=True)
class Summary:
    """How the day went. `failed` counts acts without a valid answer; the times are of those that had one."""

    sent: int
    answered: int
    empty: int
    failed: int
    median_ms: float
    p99_ms: float
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """How one act went."""

    status: str
    ms: float | None


class Player:
    """The simulator's administrative API as the player uses it."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._http = urllib3.PoolManager(maxsize=FANS_AT_ONCE, retries=False, timeout=PATIENCE)

    def call(self, method: str, path: str, values: Mapping[str, object] | None = None) -> dict[str, object]:
        """Raises ClickException with the simulator's reason, or when there is no simulator."""
        body = json.dumps(values).encode() if values is not None else None
        try:
            answer = self._http.request(
                method, self._base_url + path, body=body, headers={"Content-Type": "application/json"}
            )
        except urllib3.exceptions.HTTPError:
            raise click.ClickException(f"No simulator answers at {self._base_url}; start it with `make run`.") from None
        found: dict[str, object] = json.loads(answer.data)
        if answer.status != 200:
            raise click.ClickException(f"The simulator refused: {found.get('error')}")
        return found

    def list_stages(self, most: int) -> list[Stage]:
        """The first accounts with what they offer."""
        return [self._stage(str(account["app_id"])) for account in _items(self.call("GET", "/_sim/accounts"))[:most]]

    def play(self, visit: Visit) -> list[Outcome]:
        """One fan's day; the acts wait for each other as a person does."""
        fan = {"fans": [{"subscribed": False}]}
        created = self.call("POST", f"/_sim/accounts/{visit.app_id}/fans", fan)["openids"]
        [openid] = created if isinstance(created, list) else []
        path = f"/_sim/accounts/{visit.app_id}/fans/{openid}/acts"
        return [outcome for act in visit.acts for outcome in _outcomes(self.call("POST", path, act))]

    def _stage(self, app_id: str) -> Stage:
        codes = _items(self.call("GET", f"/_sim/accounts/{app_id}/codes"))
        buttons = _items(self.call("GET", f"/_sim/accounts/{app_id}/buttons"))
        return Stage(app_id, [str(code["scene"]) for code in codes], buttons)


def play_day(base_url: str, *, accounts: int, messages: int, seed: int) -> Summary:
    """Plays `messages` acts on the first `accounts` accounts. Raises ClickException without a simulator or an account."""
    player = Player(base_url)
    stages = player.list_stages(accounts)
    if not stages:
        raise click.ClickException("No account is registered with the simulator; load the demo or connect one.")
    started = time.perf_counter()
    with ThreadPoolExecutor(FANS_AT_ONCE) as pool:
        outcomes = [outcome for done in pool.map(player.play, write_day(stages, messages, seed)) for outcome in done]
    return _summary(outcomes, time.perf_counter() - started)


@click.group("simulator", help="The WeChat in the box.")
def simulator_cli() -> None:
    """Commands of the simulator, added to `flask` by the platform."""


@simulator_cli.command("play", help="Play a day of a brand through the real callbacks.")
@click.option("--accounts", default=5, show_default=True, help="How many accounts take part.")
@click.option("--messages", default=500, show_default=True, help="How many acts the fans do.")
@click.option("--seed", default=1, show_default=True, help="The same seed plays the same day.")
@click.option("--url", default="", help="Where the simulator is; of this deployment when left out.")
def play(accounts: int, messages: int, seed: int, url: str) -> None:
    """Plays the day and prints how it went."""
    config = Config.from_env()
    base_url = url or config.simulator_url or f"http://127.0.0.1:{config.simulator_port}"
    done = play_day(base_url, accounts=accounts, messages=messages, seed=seed)
    click.echo(f"sent {done.sent} · answered {done.answered} · without answer {done.empty} · failed {done.failed}")
    click.echo(f"median {done.median_ms:.1f} ms · p99 {done.p99_ms:.1f} ms · {done.seconds:.1f} s")


def _items(answer: Mapping[str, object]) -> list[dict[str, object]]:
    found = answer.get("items")
    return found if isinstance(found, list) else []


def _outcomes(result: Mapping[str, object]) -> list[Outcome]:
    followed = result.get("followed_by")
    one = [result, *(followed if isinstance(followed, list) else [])]
    return [
        Outcome(str(item["status"]), float(str(item["ms"])) if item.get("ms") is not None else None) for item in one
    ]


def _summary(outcomes: list[Outcome], seconds: float) -> Summary:
    good = [one for one in outcomes if one.status in ("answered", "empty")]
    times = sorted(one.ms for one in good if one.ms is not None) or [0.0]
    return Summary(
        sent=len(outcomes),
        answered=sum(one.status == "answered" for one in outcomes),
        empty=sum(one.status == "empty" for one in outcomes),
        failed=len(outcomes) - len(good),
        median_ms=statistics.median(times),
        p99_ms=times[min(len(times) - 1, int(len(times) * 0.99))],
        seconds=seconds,
    )
