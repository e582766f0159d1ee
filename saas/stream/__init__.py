"""Live pages: a small ASGI process that turns PostgreSQL's notifications into server-sent events."""
