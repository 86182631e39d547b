"""
From the Marketplace's answers to neutral values.

Source:
    DoorDash, "Update stores and items", for the outcome of each item, which its French
    page has in shifted columns and partly translated. That an item in several places of
    a menu has several outcomes is a reported observation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from doorstep.codec import decode, rfc3339
from doorstep.errors import InvalidAnswerError
from doorstep.http import Response
from doorstep.models import (
    Availability,
    CloseReason,
    Closure,
    ItemOutcome,
    ItemResult,
    ItemState,
    Menu,
    MenuUpdateStatus,
    OpenHours,
    Raw,
    SpecialHours,
    StoreState,
)
from doorstep_doordash._catalog_wire import (
    REASONS,
    Deactivation,
    Hours,
    ItemAvailability,
    MenuDetails,
    MenuUpdate,
    SpecialDay,
    StoreInfo,
    StoreMenuDetails,
    listed,
)

__all__ = ["item_ids", "option_ids", "outcomes", "to_item", "to_menus", "to_store"]

#: DoorDash's word for what became of an item, in small letters, as both pages have it.
WORDS: Final = {
    "success": ItemOutcome.APPLIED,
    "item not found": ItemOutcome.NOT_FOUND,
    "not found": ItemOutcome.NOT_FOUND,
    "server error": ItemOutcome.FAILED,
    "erreur du serveur": ItemOutcome.FAILED,
}
#: The later, the more its word is worth reading.
_BY_GRAVITY: Final = (
    ItemOutcome.APPLIED,
    ItemOutcome.NOT_FOUND,
    ItemOutcome.FAILED,
    ItemOutcome.UNKNOWN,
)
#: Outcomes that leave an item as it was.
_UNCHANGED: Final = frozenset({ItemOutcome.NOT_FOUND, ItemOutcome.FAILED})

#: What a deactivation gives as its reason, where it is certain: the one text that
#: DoorDash shows, and its words for requests.
_TEXTS: Final[dict[str, CloseReason]] = {
    **{word: reason for reason, word in REASONS.items()},
    "Merchant operational issues": CloseReason.OPERATIONAL_ISSUE,
}
#: Deactivations that leave the marketplace open.
_ELSEWHERE: Final = frozenset({"STOREFRONT", "VOICE"})

_UPDATES: Final = {
    "PENDING": MenuUpdateStatus.PENDING,
    "SUCCESS": MenuUpdateStatus.DONE,
    "FAILURE": MenuUpdateStatus.FAILED,
}
_DAYS: Final = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")
_MIDNIGHT: Final = re.compile(r"24:00(:00)?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def outcomes(response: Response, wishes: Sequence[Availability]) -> list[ItemResult]:
    """
    Return what an answer says of each wish; what it does not name is left out.

    A word that nobody described says nothing of the item.

    Raises:
        doorstep.errors.InvalidAnswerError:
            It speaks of others alone.
    """
    found: dict[str, list[tuple[ItemOutcome, str | None]]] = {}
    for entry in listed(response):
        name, word = _id(entry.get("merchant_supplied_id")), entry.get("response")
        if name is None or word is None:
            continue
        raw = word if isinstance(word, str) else None
        outcome = WORDS.get((raw or "").strip().lower(), ItemOutcome.UNKNOWN)
        found.setdefault(name, []).append((outcome, raw))
    if found and not any(wish.id in found for wish in wishes):
        raise _about_something_else("$[0].merchant_supplied_id", response)
    return [_result(wish, found[wish.id]) for wish in wishes if wish.id in found]


def to_store(response: Response, store: str) -> StoreState:
    """
    Return a store as its details tell it.

    Without ``is_active`` it is open unless a deactivation is in force. When it opens
    again is told only if each of them has an end.
    """
    told, raw = decode(response.body, StoreInfo, http_status=response.status)
    _check_about(told.merchant_supplied_id, store, response)
    deactivations = told.current_deactivations
    closures = [_closure(one) for one in deactivations or () if one.experience not in _ELSEWHERE]
    is_open = told.is_active
    if is_open is None and deactivations is not None:
        is_open = not closures
    ends = [one.until for one in closures if one.until is not None]
    known = is_open is False and ends and len(ends) == len(closures)
    return StoreState(
        store=store,
        open=is_open,
        reopens_at=max(ends) if known else None,
        closures=closures,
        instructions_max=told.special_instructions_max_length,
        raw=raw,
    )


def to_menus(response: Response, store: str) -> list[Menu]:
    """
    Return the menus of a store.
    """
    told, raw = decode(response.body, StoreMenuDetails, http_status=response.status)
    _check_about(told.merchant_supplied_id, store, response)
    return [_menu(one, raw["menu"][place]) for place, one in enumerate(told.menu or ())]


def to_item(response: Response, item: str) -> ItemState:
    """
    Return whether an item, or an option, can be ordered.

    Its times are told without an offset, so nobody knows when they are: they stay in
    ``raw``, unless they have one.
    """
    told, raw = decode(response.body, ItemAvailability, http_status=response.status)
    _check_about(told.merchant_supplied_id, item, response)
    return ItemState(
        id=item,
        available=told.is_active,
        since=_moment(told.start_time),
        until=_moment(told.end_time),
        raw=raw,
    )


def item_ids(response: Response) -> list[str]:
    """
    Return the ids of the items on a store's menus, each once.
    """
    return _each_once(_items(response))


def option_ids(response: Response) -> list[str]:
    """
    Return the ids of the options on a store's menus, each once; options have options.
    """
    return _each_once(option for item in _items(response) for option in _options(item))


def _result(wish: Availability, told: Sequence[tuple[ItemOutcome, str | None]]) -> ItemResult:
    """
    Return what became of *wish*, which was told once for each place on the menu.

    Changed in one place and not in another, it is neither applied nor as it was.
    """
    outcome, raw = max(told, key=lambda one: _BY_GRAVITY.index(one[0]))
    if outcome in _UNCHANGED and any(one not in _UNCHANGED for one, _ in told):
        outcome = ItemOutcome.UNKNOWN
    return ItemResult(id=wish.id, available=wish.available, outcome=outcome, raw_outcome=raw)


def _id(told: object) -> str | None:
    """
    Return an id, which samples of DoorDash's also write as a number.
    """
    if type(told) is int:
        return str(told)
    return told if isinstance(told, str) and told else None


def _check_about(told: str | None, asked: str, response: Response) -> None:
    if told is not None and told != asked:
        raise _about_something_else("$.merchant_supplied_id", response)


def _about_something_else(path: str, response: Response) -> InvalidAnswerError:
    return InvalidAnswerError(
        f"got an answer about something else @ {path}",
        params={"path": path},
        http_status=response.status,
    )


def _closure(told: Deactivation) -> Closure:
    return Closure(
        reason=_TEXTS.get(told.reason or ""),
        raw_reason=told.reason,
        notes=told.notes,
        since=_moment(told.created_at),
        until=_moment(told.end_time),
    )


def _menu(told: MenuDetails, raw: Raw) -> Menu:
    update = told.latest_menu_update or MenuUpdate()
    status = update.status
    return Menu(
        id=told.menu_id,
        name=told.name,
        subtitle=told.subtitle,
        active=told.is_active,
        from_pos=told.is_pos_menu,
        updated_at=_moment(update.created_at),
        update_status=_UPDATES.get(status, MenuUpdateStatus.UNKNOWN) if status else None,
        raw_update_status=status,
        valid_since=_moment(told.last_successful_menu_update_at),
        preview_url=told.url,
        hours=_hours(told.open_hours or ()),
        special_hours=_special(told.special_hours or ()),
        raw=raw,
    )


def _hours(told: Iterable[Hours]) -> Iterator[OpenHours]:
    for one in told:
        opens, closes = _time(one.start_time), _time(one.end_time)
        if one.day_index in _DAYS and opens is not None and closes is not None:
            yield OpenHours(weekday=_DAYS.index(one.day_index), opens=opens, closes=closes)


def _special(told: Iterable[SpecialDay]) -> Iterator[SpecialHours]:
    for one in told:
        on = _date(one.date)
        if on is not None:
            closed = one.closed is True
            opens, closes = _time(one.start_time), _time(one.end_time)
            yield SpecialHours(on=on, closed=closed, opens=opens, closes=closes)


def _moment(told: object) -> datetime | None:
    """
    Return a time, or None if it cannot be one, or nobody knows where it is.
    """
    try:
        return rfc3339(told)
    except ValueError:
        return None


def _time(told: str | None) -> time | None:
    if told is None:
        return None
    if _MIDNIGHT.fullmatch(told):
        return time()
    return time.fromisoformat(told) if _TIME.fullmatch(told) else None


def _date(told: str | None) -> date | None:
    try:
        return date.fromisoformat(told) if told and _DATE.fullmatch(told) else None
    except ValueError:
        return None


def _items(response: Response) -> Iterator[Mapping[str, Any]]:
    for entry in listed(response):
        menu = entry.get("menu")
        for category in _objects(menu.get("categories") if isinstance(menu, dict) else None):
            yield from _objects(category.get("items"))


def _options(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for extra in _objects(item.get("extras")):
        for option in _objects(extra.get("options")):
            yield option
            yield from _options(option)


def _objects(told: object) -> Iterator[Mapping[str, Any]]:
    return (one for one in (told if isinstance(told, list) else ()) if isinstance(one, dict))


def _each_once(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    found = (_id(one.get("merchant_supplied_id")) for one in entries)
    return list(dict.fromkeys(one for one in found if one is not None))
