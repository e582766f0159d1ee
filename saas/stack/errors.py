"""What can go wrong while the stack starts, each in one sentence for the terminal."""

from __future__ import annotations


class StackError(Exception):
    """The stack can't start or go on; the message is one sentence that says what to do."""
