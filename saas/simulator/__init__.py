"""A WeChat in the box: a server that behaves as Tencent's, and a phone in the browser.

Words: an *account* is an Official Account as registered with Tencent; a *fan* is a WeChat user seen from one account; an *act* is
what a fan does on the phone; a *push* is the callback it causes; a *delivery* is a push with all its tries.
It promises Tencent's wire format, error codes, quotas and retries as written in `docs/protocol.md`, and never imports `saas.wechat`:
the two are written independently so that each can be tested by the other.
"""
