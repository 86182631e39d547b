"""
A store's menus, as a marketplace holds them.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

import attrs

from doorstep.models._checks import (
    aware,
    day,
    each,
    instance_of,
    integer,
    local_time,
    masked,
    optional,
    to_tuple,
    to_utc,
)
from doorstep.models._extension import Raw


class MenuUpdateStatus(StrEnum):
    """
    What became of a menu that was sent to the carrier.
    """

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class OpenHours:
    """
    When a menu is served on one day of the week, in the store's own time.

    Args:
        weekday:
            0 is Monday, 6 is Sunday.

        closes:
            Earlier than *opens*: on the next day.
    """

    weekday: int = attrs.field(validator=integer(0, 6))
    opens: time = attrs.field(validator=local_time)
    closes: time = attrs.field(validator=local_time)


@attrs.frozen(kw_only=True)
class SpecialHours:
    """
    When a menu is served on one date, in the store's own time.
    """

    on: date = attrs.field(validator=day)
    closed: bool = attrs.field(default=False, validator=instance_of(bool))
    opens: time | None = attrs.field(default=None, validator=optional(local_time))
    closes: time | None = attrs.field(default=None, validator=optional(local_time))


@attrs.frozen(kw_only=True)
class Menu:
    """
    One menu of a store.

    Args:
        active:
            Whether it is in use; None if the carrier does not say.

        from_pos:
            Whether the store's own system made it.

        updated_at, update_status, raw_update_status:
            The last try to change it, and what came of it, in our words and the
            carrier's.

        valid_since:
            When it was last changed with success.

        preview_url:
            Where it can be looked at.
    """

    id: str
    name: str | None = None
    subtitle: str | None = None
    active: bool | None = attrs.field(default=None, validator=optional(instance_of(bool)))
    from_pos: bool | None = attrs.field(default=None, validator=optional(instance_of(bool)))
    updated_at: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    update_status: MenuUpdateStatus | None = attrs.field(
        default=None, validator=optional(instance_of(MenuUpdateStatus))
    )
    raw_update_status: str | None = None
    valid_since: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    preview_url: str | None = attrs.field(default=None, repr=masked)
    hours: tuple[OpenHours, ...] = attrs.field(
        default=(), converter=to_tuple, validator=each(instance_of(OpenHours))
    )
    special_hours: tuple[SpecialHours, ...] = attrs.field(
        default=(), converter=to_tuple, validator=each(instance_of(SpecialHours))
    )
    raw: Raw = attrs.field(factory=Raw, converter=Raw, repr=False, eq=False)
