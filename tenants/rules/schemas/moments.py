"""Moments and times of day in the tenant's zone."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields

from saas.tenancy.scope import current_scope


class LocalMoment(fields.DateTime):
    """A moment; one without an offset is meant in the tenant's zone, in which it is also shown."""

    default_error_messages = {  # noqa: RUF012 - the form marshmallow asks for
        "invalid": _l("Give a date and a time, for example 2026-03-08 10:00.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        return moment if moment.tzinfo else moment.replace(tzinfo=_zone())

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(_zone()).isoformat()


CLOCK = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"


class ClockTime(fields.Time):
    """A time of day in the tenant's zone, to the minute."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": CLOCK}, **kwargs)

    default_error_messages = {  # noqa: RUF012 - the form marshmallow asks for
        "invalid": _l("Give a time of day, for example 08:30.")
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> time:
        clock = super()._deserialize(value, attr, data, **kwargs)
        if clock.tzinfo is not None:
            raise ValidationError([_l("Give the time of day without an offset: it is meant in the brand's time zone.")])
        return clock.replace(second=0, microsecond=0)

    def _serialize(self, value: time | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.strftime("%H:%M")


def _zone() -> ZoneInfo:
    return ZoneInfo(current_scope().tenant.time_zone)
