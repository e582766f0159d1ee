"""The simulator's factory: Tencent's API, the administrative API, and the phone, on one port."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from saas.simulator import admin, gate, languages, pages, phone
from saas.simulator.acting import Desk
from saas.simulator.api import basics, datacube, media, menus, messages, qrcodes, tags, users
from saas.simulator.callbacks import Callbacks
from saas.simulator.settings import SimulatorSettings
from saas.simulator.store import Store

ROOT = Path(__file__).parents[2]
APIS = (
    basics.routes,
    users.routes,
    tags.routes,
    qrcodes.routes,
    menus.routes,
    media.routes,
    messages.routes,
    datacube.routes,
)


def create_app(settings: SimulatorSettings) -> Flask:
    """A WSGI application whose state is opened at the first request."""
    app = Flask(__name__, static_folder="static", template_folder=str(ROOT / "templates"))
    app.config.update(TESTING=settings.testing, MAX_CONTENT_LENGTH=24 * 1_048_576)
    store = Store(settings.database)
    app.extensions["simulator"] = Desk(store, Callbacks(store, settings))
    gate.mount(app, store, APIS)
    app.register_blueprint(basics.token_doors(store))
    app.register_blueprint(qrcodes.pictures)
    app.register_blueprint(media.pictures)
    app.register_blueprint(admin.blueprint)
    app.register_blueprint(phone.blueprint)
    app.register_blueprint(pages.blueprint)
    languages.init_app(app, ROOT / "translations")
    pages.init_app(app)
    return app
