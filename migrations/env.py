"""Runs the migrations as the owner role; the address comes from the application's configuration."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import create_engine

from saas.db import db

url = context.config.attributes.get("url") or current_app.config["OWNER_URL"]
engine = create_engine(url)
with engine.begin() as connection:
    context.configure(connection=connection, target_metadata=db.metadatas[None], compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
