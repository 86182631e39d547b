"""
Later news on earlier ones: what was not told keeps what was known.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

import attrs

from doorstep.models import Courier, Delivery, DeliveryStop, End, Price, Proof, StopKind

__all__ = [
    "merge_courier",
    "merge_end",
    "merge_price",
    "merge_stops",
    "replaced",
    "same_courier",
]

T = TypeVar("T", Courier, Delivery, DeliveryStop, End, Price)


def replaced(value: T, changes: dict[str, Any]) -> T:
    """
    Return *value* with other values of some fields.

    Nothing is checked again: they come from values that were. Each webhook pays for
    this several times, and ``attrs.evolve`` is ten times as slow.
    """
    kind: Any = type(value)
    made: T = object.__new__(kind)
    for name, _ in _fields(kind):
        new = changes[name] if name in changes else getattr(value, name)
        object.__setattr__(made, name, new)
    return made


@cache
def _fields(kind: type) -> tuple[tuple[str, object], ...]:
    """
    Return the names of the fields of *kind*, each with its default, which says nothing.
    """
    return tuple((field.name, field.default) for field in attrs.fields(kind))


def _over(old: T, new: T) -> T:
    """
    Return *new* with the fields of *old* where it says nothing.
    """
    if old == new:
        return old
    kind: Any = type(new)
    kept = {
        name: getattr(old, name)
        for name, nothing in _fields(kind)
        if getattr(new, name) is nothing and getattr(old, name) is not nothing
    }
    return replaced(new, kept) if kept else new


def same_courier(old: Courier, new: Courier) -> bool:
    """
    Tell whether two descriptions may be of one person.

    By id where both have one; else by the first word of the name, because carriers
    write the rest in one message and shorten it in another.
    """
    if old.id is not None and new.id is not None:
        return old.id == new.id
    first, second = _first_name(old), _first_name(new)
    return first == second or not first or not second


def _first_name(courier: Courier) -> str:
    return (courier.name or "").strip().partition(" ")[0].casefold()


def merge_courier(old: Courier | None, new: Courier) -> Courier:
    """
    Return what is known of the courier now. Of another person nothing is kept.
    """
    return new if old is None or not same_courier(old, new) else _over(old, new)


def merge_end(old: End | None, new: End | None) -> End | None:
    """
    Return what is known of the end now.
    """
    return old if new is None else new if old is None else _over(old, new)


def merge_price(old: Price | None, new: Price) -> Price:
    """
    Return the price now. What was told of it before still holds if the total does.
    """
    return new if old is None or old.total != new.total else _over(old, new)


def merge_stops(
    old: tuple[DeliveryStop, ...], new: tuple[DeliveryStop, ...]
) -> tuple[DeliveryStop, ...]:
    """
    Return all stops that were told of, each with the latest that was told of it.

    A stop is known by the carrier's id of it, or else by its kind and its place
    among those of its kind.
    """
    if not old or not new or old == new:
        return new or old
    merged = _by_key(old)
    for key, stop in _by_key(new).items():
        known = merged.get(key)
        merged[key] = stop if known is None else _merge_stop(known, stop)
    return tuple(merged.values())


_Key = tuple[StopKind, str | int]


def _by_key(stops: tuple[DeliveryStop, ...]) -> dict[_Key, DeliveryStop]:
    found: dict[_Key, DeliveryStop] = {}
    counts: dict[StopKind, int] = {}
    for stop in stops:
        place = counts[stop.kind] = counts.get(stop.kind, -1) + 1
        found[stop.kind, stop.carrier_stop_id or place] = stop
    return found


def _merge_stop(old: DeliveryStop, new: DeliveryStop) -> DeliveryStop:
    merged = _over(old, new)
    proofs = _all_proofs(old.proofs, new.proofs)
    return merged if proofs is merged.proofs else replaced(merged, {"proofs": proofs})


def _all_proofs(old: tuple[Proof, ...], new: tuple[Proof, ...]) -> tuple[Proof, ...]:
    return (*old, *(proof for proof in new if proof not in old)) if new else old
