"""The configuration; the only module that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SECRETS = (
    "SECRET_KEY",
    "MASTER_KEY",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_PLATFORM_URL",
    "REDIS_URL",
    "WECHAT_COMPONENT_SECRET",
    "WECHAT_COMPONENT_TOKEN",
    "WECHAT_COMPONENT_AES_KEY",
)


class MissingSetting(SystemExit):
    """A setting that can't be done without is absent: ends the process with one sentence."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that differs between deployments. See the README, *Configuration*."""

    port: int = 8000
    simulator_port: int = 8001
    callback_port: int = 8002
    stream_port: int = 8003
    database_url: str = ""
    database_owner_url: str = ""
    database_platform_url: str = ""
    redis_url: str = ""
    data_dir: Path = Path("var")
    wechat_api_url: str = "https://api.weixin.qq.com"
    wechat_mp_url: str = "https://mp.weixin.qq.com"
    wechat_open_url: str = "https://open.weixin.qq.com"
    wechat_component_app_id: str = ""
    wechat_component_secret: str = ""
    wechat_component_token: str = ""
    wechat_component_aes_key: str = ""
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0
    callback_url: str = ""
    stream_url: str = ""
    simulator_url: str = ""
    secret_key: str = ""
    master_key: str = ""
    testing: bool = False
    metrics_dir: str = ""
    spool_megabytes: int = 512
    callback_window_seconds: int = 0
    lease_seconds: float = 5.0
    sweep_seconds: float = 5.0
    fault_points: str = ""

    @classmethod
    def from_env(cls, environ: MutableMapping[str, str] | None = None) -> Config:
        """Reads the environment and removes the secrets from it: WSGI servers copy it into each request."""
        source = os.environ if environ is None else environ
        config = cls(**{name: _convert(name, value) for name, value in _named(source).items()})
        for name in SECRETS:
            source.pop(name, None)
        return config

    def require(self, *names: str) -> None:
        """Raises MissingSetting with one sentence when one of the settings is empty."""
        missing = [name.upper() for name in names if not getattr(self, name)]
        if missing:
            raise MissingSetting(
                f"{', '.join(missing)} must be set: `make run` generates it, see README, Configuration."
            )

    @property
    def secure_cookies(self) -> bool:
        """Whether browsers reach this deployment by https, so that cookies may be marked Secure."""
        return urlsplit(self.public_url).scheme == "https"


def inherited_environment(**additions: str) -> dict[str, str]:
    """This process's environment with additions, for a child process."""
    return {**os.environ, **additions}


def _named(source: Mapping[str, str]) -> dict[str, str]:
    names = {name.upper(): name for name in Config.__dataclass_fields__}
    return {names[key]: value for key, value in source.items() if key in names and value}


def _convert(name: str, value: str) -> Any:
    kind = Config.__dataclass_fields__[name].type
    if kind == "int":
        return int(value)
    if kind == "float":
        return float(value)
    if kind == "Path":
        return Path(value)
    if kind == "bool":
        return value.lower() in {"1", "true", "yes"}
    return value.rstrip("/") if name.endswith("_url") else value
