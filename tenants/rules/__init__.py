"""自动回复: which answer a fan gets from the robot, per account.

Words: a *rule* has *triggers* (any of them sets it off) and *replies* (the first that can be delivered is the answer,
the others may bring effects); its *standing* says whether it counts now. Promises: an edit counts from the next message
on; the same message at the same moment has the same answer; every decision can be explained.
"""
