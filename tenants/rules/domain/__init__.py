"""Pure: what a rule is, how messages are read, which rule answers and why."""
