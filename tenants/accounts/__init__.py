"""The account matrix (账号矩阵): a brand's tree of nodes, central → region → store, and what hangs on each of them.

Words: a *node* or *account* is a place in the tree, with or without a WeChat account of its own; a *connection* is its
WeChat account; a *channel code* (渠道码) is a QR code of one account whose fans count for a node; a *store* is an address
where fans are served; a *grant* opens a node and all below it to a person.

Promises: a brand has one central node and no cycles; what was archived keeps its data; a month's tree is that of the
month's last day; secrets are sealed and never shown; an app_id serves one account of the deployment.
"""
