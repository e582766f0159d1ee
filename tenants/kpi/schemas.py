"""What the API takes and gives."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Range

from tenants.kpi.domain.metrics import METRICS
from tenants.kpi.domain.periods import named, parse_month

CENTURY = (date(2000, 1, 1), date(2099, 12, 31))


class Month(fields.Field[date]):
    """A month as `2026-11`; loads its first day."""

    def _serialize(self, value: date | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else named(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        month = parse_month(value) if isinstance(value, str) else None
        if month is None:
            raise ValidationError(str(_l("Write a month as 2026-11.")))
        return month


class _Place(Schema):
    account_id = fields.UUID(load_default=None)
    cursor = fields.String(load_default=None)
    limit = fields.Integer(load_default=None, validate=Range(1, 200))


class DailyQuery(_Place):
    """Days of a subtree; without `from` and `to` the last seven days."""

    first = fields.Date(data_key="from", load_default=None, validate=Range(*CENTURY))
    last = fields.Date(data_key="to", load_default=None, validate=Range(*CENTURY))


class MonthlyQuery(_Place):
    """A month of a subtree; without `month` the present one."""

    month = Month(load_default=None)


def _metrics() -> dict[str, fields.Field[Any]]:
    return {metric.name: fields.Integer(allow_none=True) for metric in METRICS}


MetricsSchema: type[Schema] = type("MetricsSchema", (Schema,), _metrics())
_REASONS = fields.Dict(keys=fields.String(), values=fields.String())


class DaySchema(MetricsSchema):  # type: ignore[valid-type, misc]
    """A node's own figures of one day; what nobody can know is null, with the reason in `missing`."""

    account_id = fields.UUID(required=True)
    date = fields.Date(required=True)
    missing = _REASONS


class MonthSchema(Schema):
    """A node's month: its own, and that of all below it on the month's last day."""

    account_id = fields.UUID(required=True)
    month = Month(required=True)
    own = fields.Nested(MetricsSchema, required=True)
    subtree = fields.Nested(MetricsSchema, required=True)
    coverage = fields.Dict(keys=fields.String(), values=fields.List(fields.Integer()))
    missing = _REASONS
