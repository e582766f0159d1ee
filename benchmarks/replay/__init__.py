"""The hot event at its real pace, or faster, through the real callbacks of a running `make run`, with a live page."""
