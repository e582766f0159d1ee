"""PostgreSQL and Redis in the box, and the local supervisor behind `make run`.

Words: a *store* is one of the two servers, a *child* one of our own processes, the *book* the list of both
on disk. Promises: one run per data directory, nothing left running after it, and after a kill -9 the next
run (or the reaper, within seconds) stops what was left.
"""
