"""The verbs of the figures."""
