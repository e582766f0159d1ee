"""Fans who write all the time: each push with its retries, as WeChat makes them."""

from __future__ import annotations

import random
import threading
from itertools import count

from saas.simulator import accounts, acting, fans
from saas.simulator.acting import Desk
from tests.faults.brands import KEYWORD, Brand, Connected

THREADS = 8
PAUSE_SECONDS = 1.2


class Load:
    """Some threads per brand; each takes a fan and an act by chance."""

    def __init__(self, desk: Desk, brands: list[Brand], seed: int) -> None:
        self._desk, self._numbers = desk, count(1)
        self._over = threading.Event()
        self.errors: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._write, args=(brand, random.Random(f"{seed} {brand.mark} {number}")))
            for brand in brands
            for number in range(THREADS)
        ]

    def start(self) -> None:
        """They begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """They end; what is on its way is waited for."""
        self._over.set()
        for thread in self._threads:
            if thread.ident:
                thread.join()

    def _write(self, brand: Brand, dice: random.Random) -> None:
        while not self._over.wait(dice.uniform(0, 2 * PAUSE_SECONDS)):
            account = dice.choice(brand.accounts)
            try:
                self._act(brand, account, dice)
            except Exception as error:  # the thread must not end silently
                self.errors.append(error)
                raise

    def _act(self, brand: Brand, account: Connected, dice: random.Random) -> None:
        known = accounts.access_account(self._desk.store, account.app_id)
        fan = fans.access_fan(self._desk.store, known, dice.choice(account.openids))
        number = next(self._numbers)
        acts: list[dict[str, object]] = [{"type": "text", "content": f"{KEYWORD} {brand.mark} {number}"}] * 8
        acts += [{"type": "menu", "button": {"type": "click", "key": f"{brand.mark}{number}", "name": "菜单"}}]
        acts += [{"type": "image", "media_id": f"{brand.mark}{number}"}]
        acting.act(self._desk, known, fan, dice.choice(acts))
