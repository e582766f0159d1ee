"""The simulator's factory: Tencent's API, the administrative API, and the phone, on one port."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from saas.simulator import admin, gate, languages, pages, phone, rig
from saas.simulator.acting import Desk
from saas.simulator.api import basics, datacube, mass, media, menus, messages, qrcodes, tags, templates, users
from saas.simulator.bursts import Bursts
from saas.simulator.callbacks import Callbacks
from saas.simulator.component import admin as component_admin
from saas.simulator.component import api as component_api
from saas.simulator.component import door as component_door
from saas.simulator.component import pages as component_pages
from saas.simulator.component.ticker import Ticker
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
    templates.routes,
    mass.routes,
    datacube.routes,
)


def create_app(settings: SimulatorSettings) -> Flask:
    """A WSGI application whose state is opened at the first request."""
    app = Flask(__name__, static_folder="static", template_folder=str(ROOT / "templates"))
    app.config.update(TESTING=settings.testing, MAX_CONTENT_LENGTH=24 * 1_048_576)
    store = Store(settings.database)
    desk = Desk(store, Callbacks(store, settings))
    ticker = Ticker(desk)
    app.extensions.update(simulator=desk, ticker=ticker, bursts=Bursts(desk))
    app.before_request(ticker.start)
    gate.mount(app, store, APIS)
    component_door.mount(app, component_api.routes)
    app.register_blueprint(component_admin.blueprint)
    app.register_blueprint(component_pages.blueprint)
    app.register_blueprint(basics.token_doors(store))
    app.register_blueprint(qrcodes.pictures)
    app.register_blueprint(media.pictures)
    app.register_blueprint(admin.blueprint)
    app.register_blueprint(rig.blueprint)
    app.register_blueprint(phone.blueprint)
    app.register_blueprint(pages.blueprint)
    languages.init_app(app, ROOT / "translations")
    pages.init_app(app)
    return app
