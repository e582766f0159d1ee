"""What the simulator needs to know, frozen; some of it may be changed while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from saas.config import Config
from saas.simulator.errcodes import Refused


@dataclass(frozen=True, kw_only=True)
class SimulatorSettings:
    """The knobs of the simulator. Times are in seconds; the defaults are Tencent's."""

    database: Path | None = None
    callback_url: str = "http://127.0.0.1:8002"
    answer_within: float = 5.0
    retry_after: float = 5.0
    tries: int = 3
    mark_fail_after: int = 20
    mark_fail_for: float = 60.0
    finish_after: float = 1.0
    text_limit: int = 2048
    testing: bool = False

    @classmethod
    def from_config(cls, config: Config) -> SimulatorSettings:
        """The simulator of `make run`: state in DATA_DIR, callbacks to this deployment."""
        return cls(
            database=config.data_dir / "simulator.sqlite3",
            callback_url=config.callback_url or f"http://127.0.0.1:{config.callback_port}",
            testing=config.testing,
        )


CHANGEABLE = {
    "callback_url": str,
    "answer_within": float,
    "retry_after": float,
    "tries": int,
    "mark_fail_after": int,
    "mark_fail_for": float,
    "finish_after": float,
}


def changed(settings: SimulatorSettings, values: Mapping[str, object]) -> SimulatorSettings:
    """The settings with those named replaced. Raises Refused for one that can't be changed or a wrong value."""
    unknown = set(values) - set(CHANGEABLE)
    if unknown:
        raise Refused(f"can't be set: {', '.join(sorted(unknown))}")
    try:
        return replace(settings, **{name: CHANGEABLE[name](str(value)) for name, value in values.items()})  # type: ignore[arg-type]
    except ValueError:
        raise Refused("a value has the wrong type") from None


def view(settings: SimulatorSettings) -> dict[str, object]:
    """What can be changed, as it is now."""
    return {name: getattr(settings, name) for name in CHANGEABLE}
