"""The ASGI application of the callbacks' process."""

from saas.wechat.asgi import Callbacks
from wsgi import app

callbacks = Callbacks(app)
