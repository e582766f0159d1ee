"""The outbox on a real PostgreSQL, against the simulator on a real port."""
