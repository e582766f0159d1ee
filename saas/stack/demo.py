"""`demo.json`: what `flask demo load` wrote, kept true to the addresses of this run, and shown on the terminal."""

from __future__ import annotations

import json
from pathlib import Path

from saas.config import Config
from saas.stack.console import Console

ADDRESSES = {
    "url": "public_url",
    "callback_url": "callback_url",
    "stream_url": "stream_url",
    "simulator_url": "simulator_url",
}


class Demo:
    """The file, which may not exist yet."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def is_loaded(self) -> bool:
        """Whether the demo was loaded to its end: the file is written last."""
        return self._path.exists()

    def set_addresses(self, config: Config) -> None:
        """Writes this run's addresses into the file, when they changed."""
        content = self._content()
        addresses = {key: getattr(config, name) for key, name in ADDRESSES.items()}
        if content and any(content.get(key) != address for key, address in addresses.items()):
            partial = self._path.with_suffix(".partial")
            partial.touch(mode=0o600)  # it holds log-ins and secrets
            partial.write_text(json.dumps({**content, **addresses}, ensure_ascii=False, indent=1))
            partial.replace(self._path)

    def show(self, console: Console) -> None:
        """Prints addresses and logins."""
        content = self._content()
        console.say()
        console.say(f"  Pages      {content.get('url')}")
        console.say(f"  WeChat     {content.get('simulator_url')}   (the simulator, with a phone in the browser)")
        console.say(f"  Callbacks  {content.get('callback_url')}")
        console.say()
        for login in content.get("logins", []):
            console.say(f"  {login['role']:<16} {login['login']:<28} {login['password']}")
        console.say()
        console.say(f"  All of it in {self._path}. Ctrl-C stops everything.")

    def _content(self) -> dict:  # type: ignore[type-arg]
        return json.loads(self._path.read_text()) if self._path.exists() else {}  # type: ignore[no-any-return]
