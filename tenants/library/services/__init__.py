"""The verbs of the library: files, and the message templates of accounts."""

from __future__ import annotations

from tenants.library.domain import Template, fields_of, fill, parts_of
from tenants.library.services.files import (
    UPLOAD_JOB,
    Media,
    access_media,
    create_media,
    delete_media,
    list_media,
    need_media,
    plan_renewals,
    read_content,
    record_upload,
    resolve_media,
)
from tenants.library.services.templates import (
    TEMPLATES_JOB,
    Templates,
    ask_templates,
    asked_ids,
    find_template,
    keep_templates,
    keep_trouble,
    templates_of,
)

__all__ = [
    "TEMPLATES_JOB",
    "UPLOAD_JOB",
    "Media",
    "Template",
    "Templates",
    "access_media",
    "ask_templates",
    "asked_ids",
    "create_media",
    "delete_media",
    "fields_of",
    "fill",
    "find_template",
    "keep_templates",
    "keep_trouble",
    "list_media",
    "need_media",
    "parts_of",
    "plan_renewals",
    "read_content",
    "record_upload",
    "resolve_media",
    "templates_of",
]
