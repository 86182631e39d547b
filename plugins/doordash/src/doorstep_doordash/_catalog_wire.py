"""
The Marketplace's JSON in its own names; both generations have the same bodies.

Every field of an answer may be absent: DoorDash's specification requires none. Times
are taken as they come, because a sample of DoorDash's own holds an impossible one.

Source:
    Marketplace API 1.0.0 and Marketplace (legacy) API 1.0.0; DoorDash, "Update stores
    and items", with its samples. ``is_suspended`` and ``price``, of which that page
    speaks too, belong to an older request, and are never sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs

from doorstep.codec import decode, encode
from doorstep.http import Response
from doorstep.models import Availability, CloseReason, Closing

__all__ = [
    "REASONS",
    "Deactivation",
    "Hours",
    "ItemAvailability",
    "MenuDetails",
    "MenuUpdate",
    "SpecialDay",
    "StoreInfo",
    "StoreMenuDetails",
    "closing_body",
    "listed",
    "opening_body",
    "wishes_body",
]

#: Our reasons to close a store, and DoorDash's.
REASONS: Final = {
    CloseReason.OUT_OF_BUSINESS: "out_of_business",
    CloseReason.DELETED: "delete_store",
    CloseReason.PAYMENT_ISSUE: "payment_issue",
    CloseReason.OPERATIONAL_ISSUE: "operational_issues",
    CloseReason.PAUSED_BY_STORE: "store_self_disabled_in_their_POS_portal",
    CloseReason.CONNECTION_ISSUE: "store_pos_connectivity_issues",
}


@attrs.frozen(kw_only=True)
class StoreStatus:
    """
    The body that closes and opens a store; of the end one form or none.
    """

    is_active: bool
    reason: str | None = None
    notes: str | None = None
    #: Only the newer generation has the two.
    end_time: str | None = None
    duration_in_secs: int | None = None


@attrs.frozen(kw_only=True)
class Activation:
    """
    One wish in the body for items, or for options.
    """

    merchant_supplied_id: str
    is_active: bool


@attrs.frozen(kw_only=True)
class Deactivation:
    """
    Why a store is closed; *reason* is a text for people.

    Source:
        *experience* is ``ANY_EXPERIENCE``, ``DOORDASH``, ``STOREFRONT`` or ``VOICE``.
    """

    reason: str | None = None
    notes: str | None = None
    created_at: Any = None
    end_time: Any = None
    experience: str | None = None


@attrs.frozen(kw_only=True)
class StoreInfo:
    """
    A store. One sample has *is_active*, one has not.
    """

    provider_name: str | None = None
    merchant_supplied_id: str | None = None
    is_active: bool | None = None
    is_order_protocol_pos: bool | None = None
    auto_release_enabled: bool | None = None
    auto_release_distance: int | None = None
    auto_release_from_store_enabled: bool | None = None
    special_instructions_max_length: int | None = None
    current_deactivations: tuple[Deactivation, ...] | None = None


@attrs.frozen(kw_only=True)
class MenuUpdate:
    """
    The latest update of a menu: ``PENDING``, ``SUCCESS`` or ``FAILURE``.
    """

    created_at: Any = None
    status: str | None = None


@attrs.frozen(kw_only=True)
class Hours:
    """
    When a menu is served on one day, ``MON`` to ``SUN``, as ``HH:MM:SS``.
    """

    day_index: str | None = None
    start_time: str | None = None
    end_time: str | None = None


@attrs.frozen(kw_only=True)
class SpecialDay:
    """
    When a menu is served on one date.
    """

    date: str | None = None
    closed: bool | None = None
    start_time: str | None = None
    end_time: str | None = None


@attrs.frozen(kw_only=True)
class MenuDetails:
    """
    One menu of a store.
    """

    menu_id: str
    name: str | None = None
    subtitle: str | None = None
    is_active: bool | None = None
    is_pos_menu: bool | None = None
    latest_menu_update: MenuUpdate | None = None
    last_successful_menu_update_at: Any = None
    url: str | None = None
    open_hours: tuple[Hours, ...] | None = None
    special_hours: tuple[SpecialDay, ...] | None = None


@attrs.frozen(kw_only=True)
class StoreMenuDetails:
    """
    The menus of a store.
    """

    provider_name: str | None = None
    merchant_supplied_id: str | None = None
    menu: tuple[MenuDetails, ...] | None = None


@attrs.frozen(kw_only=True)
class ItemAvailability:
    """
    Whether an item, or an option, can be ordered. Its times have no offset.
    """

    merchant_supplied_id: str | None = None
    is_active: bool | None = None
    start_time: Any = None
    end_time: Any = None


@attrs.frozen
class _Listed:
    entries: Any = None


def closing_body(closing: Closing) -> bytes:
    """
    Return the body that closes a store.

    The end is a time with its offset in digits, as in DoorDash's sample. Together
    with a duration both would be ignored, a third party found.
    """
    until = closing.until
    return encode(
        StoreStatus(
            is_active=False,
            reason=REASONS[closing.reason],
            notes=closing.notes,
            end_time=None if until is None else until.isoformat(timespec="seconds"),
            duration_in_secs=closing.duration_s,
        )
    )


def opening_body() -> bytes:
    """
    Return the body that opens a store.
    """
    return encode(StoreStatus(is_active=True))


def wishes_body(wishes: Sequence[Availability]) -> bytes:
    """
    Return the body for items or options: a list, where the legacy page shows one entry.
    """
    return encode(
        [Activation(merchant_supplied_id=one.id, is_active=one.available) for one in wishes]
    )


def listed(response: Response) -> list[Mapping[str, Any]]:
    """
    Return the objects in an answer that is a list of them, one alone, or empty.

    Raises:
        doorstep.errors.InvalidAnswerError:
            It is no JSON: a page of somebody's on the way.
    """
    if not response.body.strip():
        return []
    # What decodes answers wants an object, and checks how deep it is.
    told, _ = decode(b'{"entries":' + response.body + b"}", _Listed, http_status=response.status)
    entries = told.entries if isinstance(told.entries, list) else [told.entries]
    return [one for one in entries if isinstance(one, dict)]
