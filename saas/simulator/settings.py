"""What the simulator needs to know, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from saas.config import Config


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
