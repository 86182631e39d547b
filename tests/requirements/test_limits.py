"""
What an account can do: what it needs, charges and takes, and when.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from doorstep.capabilities import Capabilities, Need
from doorstep.errors import TimeWindowInvalidError, UnsupportedError, ValidationError
from doorstep.models import (
    Address,
    CancelReason,
    CashOnDelivery,
    Changes,
    Coordinates,
    DropoffAt,
    Item,
    Money,
    PickupAt,
    Stop,
    Window,
    Windows,
)
from doorstep.requirements import all_paths, check_cancel, check_changes, check_request

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WINDOW = Window(NOW, NOW + timedelta(hours=1))
PLACE = Address(one_line="1 Main St")
USD = Money(100, "USD")
changed: Callable[..., Any] = attrs.evolve  # of fields named at run time
EVERYTHING = Capabilities(inputs=all_paths(), update_fields=all_paths(), max_dropoffs=9)


def test_what_the_carrier_needs_must_be_there(asking_for) -> None:
    """
    A carrier that cannot find an address without coordinates says so beforehand.
    """
    needs = frozenset({"dropoff.address.coordinates", "dropoff.contact.phone"})

    with pytest.raises(ValidationError) as caught:
        check_request(asking_for("tip"), attrs.evolve(EVERYTHING, needs=needs))

    assert sorted(needs) == [field.path for field in caught.value.fields]


def test_more_dropoffs_than_the_carrier_takes_are_refused(asking_for) -> None:
    """
    The number of stops is a capability too.
    """
    two = attrs.evolve(asking_for("tip"), dropoffs=[Stop(address=PLACE)] * 2)

    with pytest.raises(UnsupportedError, match="takes 1 dropoff at most"):
        check_request(two, attrs.evolve(EVERYTHING, max_dropoffs=1))


@pytest.mark.parametrize(
    "fields",
    [
        {"order_value": USD},
        {"tip": USD},
        {"cash_on_delivery": CashOnDelivery(collect=USD)},
        {"cash_on_delivery": CashOnDelivery(collect=USD, pay_at_pickup=USD)},
        {"dropoffs": Stop(address=PLACE, items=[Item(name="x", unit_price=USD)])},
    ],
)
def test_foreign_currency_is_refused_wherever_it_stands(fields, asking_for) -> None:
    """
    An amount in a currency that the account does not charge in is never sent.
    """
    request = attrs.evolve(asking_for("schedule.asap"), **fields)

    check_request(request, attrs.evolve(EVERYTHING, currencies=frozenset({"USD", "EUR"})))
    with pytest.raises(UnsupportedError, match="charges in EUR, not in USD"):
        check_request(request, attrs.evolve(EVERYTHING, currencies=frozenset({"EUR"})))
    mixed = changed(request, **{"order_value" if "tip" in fields else "tip": Money(1, "JPY")})
    with pytest.raises(ValidationError, match="must be the same in every amount"):
        check_request(mixed, EVERYTHING)


@pytest.mark.parametrize("need", list(Need))
def test_cancel_reason_is_asked_for_only_where_required(need) -> None:
    """
    A missing reason is refused where the carrier requires one, an unknown one where it takes any.
    """
    reasons = frozenset({CancelReason.MISTAKE, CancelReason.OTHER})
    capabilities = Capabilities(cancel_reason=need, cancel_reasons=reasons)

    check_cancel(CancelReason.MISTAKE, capabilities)
    if need is Need.NONE:
        check_cancel(CancelReason.TOO_SLOW, capabilities)
    else:
        with pytest.raises(UnsupportedError, match="takes the reasons mistake, other"):
            check_cancel(CancelReason.TOO_SLOW, capabilities)
    if need is Need.REQUIRED:
        with pytest.raises(ValidationError, match="one of mistake, other"):
            check_cancel(None, capabilities)
    else:
        check_cancel(None, capabilities)


@pytest.mark.parametrize(
    ("schedule", "limits", "rule"),
    [
        (PickupAt(NOW - timedelta(seconds=61)), {}, "is over"),
        (DropoffAt(NOW + timedelta(seconds=59)), {"min_lead_s": 60}, "60 s ahead at least"),
        (PickupAt(NOW + timedelta(seconds=61)), {"max_lead_s": 60}, "60 s ahead at most"),
        (Windows(pickup=WINDOW, dropoff=WINDOW), {"min_lead_s": 3601}, "3601 s ahead at least"),
    ],
)
def test_f104_time_that_cannot_be_is_refused(
    schedule: Any, limits: dict[str, int], rule: str, asking_for
) -> None:
    """
    What is over, too soon or too far ahead is refused before the network, in both forms.
    """
    can = changed(EVERYTHING, **limits)

    for check, value in (
        (check_request, changed(asking_for("tip"), schedule=schedule)),
        (check_changes, Changes(schedule=schedule)),
    ):
        with pytest.raises(TimeWindowInvalidError, match=rule):
            check(value, can, NOW)  # type: ignore[operator]  # each with its own type


@pytest.mark.parametrize("seconds", [-60, 60])
def test_f104_time_within_the_limits_is_taken(seconds: int, asking_for) -> None:
    """
    Clocks differ by up to a minute, and limits include their ends.
    """
    wish = changed(asking_for("tip"), schedule=PickupAt(NOW + timedelta(seconds=seconds)))

    check_request(wish, changed(EVERYTHING, max_lead_s=60), NOW)


@pytest.mark.parametrize(("used", "enough"), [("coordinates", True), ("unit", False)])
def test_one_of_several_needs_is_enough(used: str, enough: bool, asking_for) -> None:
    """
    A need may name alternatives; one of them satisfies it, none is named whole.
    """
    need = "pickup.address.coordinates|pickup.address.store_ref"
    can = changed(EVERYTHING, needs=frozenset({need}))
    wish = asking_for(f"pickup.address.{used}")

    if enough:
        check_request(wish, can)
        return
    with pytest.raises(ValidationError, match=r"coordinates or pickup\.address\.store_ref"):
        check_request(wish, can)


@pytest.mark.parametrize(
    ("taken", "refused"),
    [
        ({"one_line"}, set()),
        ({"coordinates"}, set()),
        ({"lines", "locality"}, set()),
        ({"lines"}, {"coordinates", "locality", "one_line"}),
        (set(), {"coordinates", "lines", "locality", "one_line"}),
    ],
)
def test_address_in_several_forms_suits_every_carrier(
    taken: set[str], refused: set[str], asking_for
) -> None:
    """
    One form that the carrier understands whole is enough; half a form is not.
    """
    several = attrs.evolve(
        PLACE,
        lines=["1 Main St"],
        locality="Springfield",
        coordinates=Coordinates(lat=1, lng=2),
    )
    wish = attrs.evolve(asking_for("schedule.asap"), pickup=Stop(address=several))
    can = Capabilities(
        inputs=frozenset({"dropoff.address.one_line", *(f"pickup.address.{one}" for one in taken)})
    )

    if not refused:
        check_request(wish, can)
        return
    with pytest.raises(UnsupportedError) as caught:
        check_request(wish, can)
    assert all(f"pickup.address.{one}" in str(caught.value) for one in refused)


def test_unit_is_part_of_no_form(asking_for) -> None:
    """
    A flat number that the carrier cannot take is refused: losing it would lose the door.
    """
    wish = asking_for("dropoff.address.unit")
    ends = {"pickup.address.one_line", "dropoff.address.one_line"}

    with pytest.raises(UnsupportedError, match=r"dropoff\.address\.unit"):
        check_request(wish, Capabilities(inputs=frozenset(ends)))
