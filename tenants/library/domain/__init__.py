"""Pure code of the library: kinds of files, and templates with their fields."""

from __future__ import annotations

from tenants.library.domain.kinds import ENDINGS, LIMITS, Limit, MediaKind, content_type_of
from tenants.library.domain.templates import Field, Template, fields_of, fill, parts_of

__all__ = [
    "ENDINGS",
    "LIMITS",
    "Field",
    "Limit",
    "MediaKind",
    "Template",
    "content_type_of",
    "fields_of",
    "fill",
    "parts_of",
]
