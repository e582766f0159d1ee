"""The peers: what stores nothing. Each a WSGI application on the same server."""
