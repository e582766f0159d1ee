"""The ASGI process's entry point."""

from saas.config import Config
from saas.stream.app import create_stream

app = create_stream(Config.from_env())
