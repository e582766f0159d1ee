"""Who comes in: people, log-ins, sessions, roles, API tokens, and the entry that every request passes."""
