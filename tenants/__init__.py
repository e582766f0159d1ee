"""The business of one tenant: one folder per capability."""
