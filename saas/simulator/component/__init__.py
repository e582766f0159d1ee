"""The Open Platform: a platform (the *component*) that acts for many accounts, each authorised by its owner with a QR code.

Words: a *ticket* proves the platform's server to Tencent; a *grant* is what an owner gave: the permission *sets* and the refresh
token; a *preauth code* opens the page on which it is given, an *auth code* is what comes back from it.
"""
