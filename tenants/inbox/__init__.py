"""客服工作台: conversations that a person must take.

Words: a *conversation* is one matter of one fan that the robot handed over; it *waits* until a person resolves it.
Promises: a fan never has two unresolved conversations; a hand-over consumed twice opens one.
"""
