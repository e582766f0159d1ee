"""Secrets at rest, headers, rate limits, the audit."""
