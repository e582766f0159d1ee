"""What may still go out, to a fan and for an account: asked before each call, told in words.

Words: an act of a fan grants an *allowance* of so many messages for so long; a *call* of an account counts by path and by
day of Beijing. Promises: a message is taken from its allowance in the statement that looks whether there is one, and what
WeChat refuses is not asked again before it may work.
"""

from saas.wechat.quota.accounts import AccountQuota, MassQuota, PathQuota, of_account
from saas.wechat.quota.fans import of_fan
from saas.wechat.quota.words import FanQuota, Part

__all__ = ["AccountQuota", "FanQuota", "MassQuota", "Part", "PathQuota", "of_account", "of_fan"]
