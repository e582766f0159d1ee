"""Our side of WeChat's Open Platform: accounts connected by a scan instead of typed secrets (docs/protocol.md, 11)."""
