"""How many messages a second are stored and consumed, how soon they are answered, and what that costs."""
