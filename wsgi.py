"""The WSGI application."""

from saas.app import create_app
from saas.config import Config
from tenants.registry import CAPABILITIES

app = create_app(Config.from_env(), CAPABILITIES)
