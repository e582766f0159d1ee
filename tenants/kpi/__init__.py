"""月报 and figures: what happened in every account, counted once, and how it rolls up store → region → headquarters.

Words: a *fact* is one thing that counts, of one *node* on one *day* of the tenant's zone; *own* is a node's month,
*subtree* the month of it and all below it on the month's last day; *coverage* says how many nodes could be counted.
Promises: a message counts once however often it is delivered; the sums equal a recount of the facts; what nobody can
know is null with a reason, never 0; facts hold neither content nor openid.
"""
