"""`flask db bootstrap`: the three roles and the database of a deployment whose PostgreSQL is not embedded."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext

from saas.config import Config
from saas.stack.bootstrap import bootstrap, may_bootstrap
from saas.stack.errors import StackError
from saas.stack.keys import KeyFile, Keys


@dataclass(frozen=True)
class GivenKeys:
    """The roles' passwords as the deployment's addresses name them; others are made in the key file."""

    given: dict[str, str]
    rest: Keys

    def get(self, name: str) -> str | None:
        """The password of this role, or None when nobody knows it."""
        return self.given.get(name) or self.rest.get(name)

    def ensure(self, name: str) -> str:
        """The password of this role, made now if nobody named one."""
        return self.given.get(name) or self.rest.ensure(name)


@click.command("bootstrap")
@click.option("--admin-url", default="", help="Address of a role that may make roles; DATABASE_OWNER_URL by default.")
@with_appcontext
def bootstrap_command(admin_url: str) -> None:
    """Makes the roles app, owner and platform, the database and its grants, where they are missing."""
    config: Config = current_app.config["SETTINGS"]
    database = urlsplit(config.database_url).path.lstrip("/")
    admin_url = admin_url or config.database_owner_url
    if not may_bootstrap(admin_url):
        role = urlsplit(admin_url).username
        raise click.ClickException(f"The role {role} may not make roles: name an administrator with --admin-url.")
    try:
        bootstrap(admin_url, database, keys=_keys(config))
    except StackError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"The database {database} and its roles app, owner and platform are ready.")


def _keys(config: Config) -> GivenKeys:
    addresses = (config.database_url, config.database_owner_url, config.database_platform_url)
    parts = [urlsplit(address) for address in addresses if address]
    given = {f"role.{part.username}": unquote(part.password) for part in parts if part.username and part.password}
    return GivenKeys(given, KeyFile(config.data_dir / "secrets.json"))
