"""Work that can wait: rows in PostgreSQL, made prompt by RQ and certain by a sweep."""
