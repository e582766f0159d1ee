"""The library (素材): pictures, voices and films of a brand, and the ids under which WeChat keeps them per account.

Promises: a `media_id` of ours stands for ever; WeChat's own ids are fetched per account, last three days
(docs/protocol.md, media) and are renewed before they end while something uses them.
"""
