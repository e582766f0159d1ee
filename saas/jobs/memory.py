"""How full Redis is: for Prometheus, and as an alarm in the log. A full one refuses, and jobs wait for the sweep."""

from __future__ import annotations

import time

import structlog
from prometheus_client import Gauge
from redis import Redis, RedisError

ALARM_RATIO = 0.7
LOOK_SECONDS = 60.0

# There is one Redis, so the last word holds, whichever scheduler spoke.
MEMORY_RATIO = Gauge(
    "redis_memory_ratio",
    "What Redis holds, as a share of its maxmemory; 0 where it has none.",
    multiprocess_mode="mostrecent",
)

log = structlog.get_logger(__name__)


class MemoryWatch:
    """Looks once a minute, whoever calls it how often."""

    def __init__(self, redis: Redis | None) -> None:
        self._redis = redis
        self._look_due = 0.0

    def look(self) -> None:
        """Measures, and raises the alarm; a Redis that is away is no matter of this one."""
        now = time.monotonic()
        if self._redis is None or now < self._look_due:
            return
        self._look_due = now + LOOK_SECONDS
        try:
            memory = self._redis.info("memory")
        except RedisError:
            return
        ratio = memory["used_memory"] / memory["maxmemory"] if memory["maxmemory"] else 0.0
        MEMORY_RATIO.set(ratio)
        if ratio >= ALARM_RATIO:
            log.error("redis_fills", share=round(ratio, 2), maxmemory=memory["maxmemory"])
