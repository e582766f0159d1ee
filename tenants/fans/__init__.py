"""粉丝: who follows an account, what was said, and what must be forgotten.

Words: a *fan* is one openid at one account; an *act* is one thing a fan did; an *alias* is the random id under which
figures know a fan. Promises: a fan's state follows the times of the events, whatever the order of arrival; consuming
twice doubles nothing; after erasure neither identity nor content is anywhere, and no figure has changed.
"""
