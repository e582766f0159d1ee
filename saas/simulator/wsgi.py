"""The simulator as a WSGI application: `granian --interface wsgi saas.simulator.wsgi:app`."""

from saas.config import Config
from saas.simulator.app import create_app
from saas.simulator.settings import SimulatorSettings

app = create_app(SimulatorSettings.from_config(Config.from_env()))
