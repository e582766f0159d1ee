"""The verbs of the landing pages."""
