"""Looks once a second whether a ticket is due; runs only where a platform is registered."""

from __future__ import annotations

import threading

from saas.simulator.acting import Desk
from saas.simulator.component import events, registry, tickets

LOOK = 1.0


class Ticker:
    """One per application."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._started = self._asked = False

    def start(self) -> None:
        """From now on, unless it runs already or there is no platform. Asks the file only once, at the first request, and when told."""
        if self._started or self._asked:
            return
        self.start_now()

    def start_now(self) -> None:
        """As above, when a platform may have come."""
        with self._lock:
            self._asked = True
            if self._started or not registry.list_components(self._desk.store):
                return
            self._started = True
        self._look()

    def _look(self) -> None:
        for component in registry.list_components(self._desk.store):
            if tickets.is_due(self._desk.store, component):
                events.send_ticket(self._desk, component)
        self._desk.callbacks.errands.after(LOOK, self._look)
