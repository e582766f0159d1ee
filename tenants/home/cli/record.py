"""`demo.json`: addresses, log-ins, tokens and accounts of the demo. It holds secrets, so only its owner may read it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from saas.config import Config
from tenants.home.cli.people import People


def write_record(path: Path, config: Config, *, people: People, brands: Sequence[dict[str, Any]]) -> None:
    """Writes the file last and at once: whoever finds it finds a demo that was loaded to its end."""
    content = {
        "url": config.public_url,
        "callback_url": config.callback_url,
        "stream_url": config.stream_url,
        "simulator_url": config.simulator_url,
        "logins": people.logins,
        "tokens": people.tokens,
        "tenants": brands,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".loading")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
    partial.replace(path)
