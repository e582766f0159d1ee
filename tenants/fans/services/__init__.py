"""The verbs of fans and messages; other capabilities use these names."""

from __future__ import annotations

from tenants.fans.services.erasing import (
    ERASE_JOB,
    Erase,
    Export,
    ask_erasure,
    due_fans,
    erase_fan,
    erase_own,
    export_fan,
    export_own,
)
from tenants.fans.services.fans import (
    MOST_COUNTED,
    FanFilter,
    access_fan,
    access_fans,
    all_fans,
    count_fans,
    fans_by_id,
    fans_matching,
    list_fans,
    list_tags,
    set_remark,
    set_tags,
    tag_fans,
    tags_of,
    untag_fans,
    update_fan,
)
from tenants.fans.services.following import count_found, part_with, sort_out, take_in
from tenants.fans.services.lines import FanRef
from tenants.fans.services.messages import MessageFilter, last_words, list_messages, names_of, timeline
from tenants.fans.services.observing import FOUND, fans_of, find_fans, record_acts

__all__ = [
    "ERASE_JOB",
    "FOUND",
    "MOST_COUNTED",
    "Erase",
    "Export",
    "FanFilter",
    "FanRef",
    "MessageFilter",
    "access_fan",
    "access_fans",
    "all_fans",
    "ask_erasure",
    "count_fans",
    "count_found",
    "due_fans",
    "erase_fan",
    "erase_own",
    "export_fan",
    "export_own",
    "fans_by_id",
    "fans_matching",
    "fans_of",
    "find_fans",
    "last_words",
    "list_fans",
    "list_messages",
    "list_tags",
    "names_of",
    "part_with",
    "record_acts",
    "set_remark",
    "set_tags",
    "sort_out",
    "tag_fans",
    "tags_of",
    "take_in",
    "timeline",
    "untag_fans",
    "update_fan",
]
