"""Who may listen to a brand's events: a browser whose session has a membership there."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature

from saas.auth.identity import recognise_session
from saas.config import Config
from saas.db import db
from saas.errors import NotFound
from saas.tenancy.directory import find_tenant
from saas.tenancy.scope import enter_directory


class Access:
    """Reads the web application's session cookie and asks the directory; blocking, so call it in a thread."""

    def __init__(self, config: Config) -> None:
        config.require("secret_key", "database_url")
        self._app = Flask("stream")
        self._app.config.update(SECRET_KEY=config.secret_key, SQLALCHEMY_DATABASE_URI=config.database_url)
        self.cookie = "__Host-session" if config.secure_cookies else "session"
        db.init_app(self._app)
        self._serializer = SecureCookieSessionInterface().get_signing_serializer(self._app)

    def allows(self, cookie: str, tenant_id: UUID) -> bool:
        """Whether the cookie's person is a member of the tenant now; False for every kind of no."""
        token = self._token(cookie)
        if token is None:
            return False
        with self._app.app_context(), enter_directory():
            identity = recognise_session(token)
            if identity is None:
                return False
            try:
                return identity.membership_in(find_tenant(tenant_id)) is not None
            except NotFound:
                return False

    def close(self) -> None:
        """Gives all connections back."""
        with self._app.app_context():
            db.engine.dispose()

    def _token(self, cookie: str) -> str | None:
        if self._serializer is None:
            return None
        try:
            token = self._serializer.loads(cookie).get("_user_id")
        except BadSignature:
            return None
        return str(token) if token else None
