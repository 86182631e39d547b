"""
Nothing is dropped silently: what a request asks for is named, and refused when unknown.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from doorstep.capabilities import Capabilities, Need
from doorstep.errors import TimeWindowInvalidError, UnsupportedError, ValidationError
from doorstep.models import (
    Address,
    Barcode,
    CancelReason,
    CashOnDelivery,
    Changes,
    Contact,
    Coordinates,
    DeliveryRequest,
    Dimensions,
    DropoffAt,
    IdCheck,
    Item,
    Money,
    Photo,
    PickupAt,
    Pin,
    PinSource,
    Signature,
    Stop,
    StopChanges,
    StoreRef,
    Undeliverable,
    Window,
    Windows,
)
from doorstep.requirements import (
    all_paths,
    check_cancel,
    check_changes,
    check_request,
    used_paths,
)
from doorstep_contracts.strategies import neutral

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WINDOW = Window(NOW, NOW + timedelta(hours=1))
PLACE = Address(one_line="1 Main St")
USD = Money(100, "USD")
SIZE = Dimensions(length_mm=0, width_mm=0, height_mm=0)
EVERYTHING = Capabilities(inputs=all_paths(), update_fields=all_paths(), max_dropoffs=9)
slow = settings(max_examples=40, suppress_health_check=list(HealthCheck))


def changed(value: Any, **fields: Any) -> Any:
    """
    Return a copy of *value* with other fields.
    """
    return attrs.evolve(value, **fields)


#: Only changes can take all of these away; a request that has none does not ask for any.
ONLY_CHANGES = {"dropoff.items", "dropoff.verification", "pickup.verification"}

ADDRESSES: dict[str, Address] = {
    "one_line": PLACE,
    "lines": Address(lines=["1 Main St"], locality="Springfield"),
    "locality": Address(lines=["1 Main St"], locality="Springfield"),
    "coordinates": Address(coordinates=Coordinates(lat=1, lng=2)),
    "store_ref": Address(store_ref=StoreRef(store="s")),
    **{
        name: changed(PLACE, **{name: "NY"})
        for name in ("unit", "region", "postal_code", "country", "access_notes")
    },
}
CONTACTS = {
    **{
        name: changed(Contact(), **{name: "Ada"})
        for name in ("given", "family", "display", "business")
    },
    "phone": Contact(phone="+16505555555"),
    "email": Contact(email="ada@example.org"),
    "notify": Contact(notify=False),
}
ITEMS = {
    "name": Item(name="x"),
    "quantity": Item(name="x", quantity=2),
    "unit_price": Item(name="x", unit_price=USD),
    "weight_g": Item(name="x", weight_g=0),
    "age_restricted": Item(name="x", age_restricted=False),
}
CHECKS = {
    "signature": Signature(),
    "signature.required": Signature(required=False),
    "signature.name": Signature(name="Ada"),
    "signature.relation": Signature(relation="neighbour"),
    "photo": Photo(),
    "photo.required": Photo(required=False),
    "pin": Pin(),
    "pin.source": Pin(source=PinSource.PHONE),
    "pin.value": Pin(value="1234"),
    "barcode": Barcode(values=["1"]),
    "id_check": IdCheck(),
    "id_check.required": IdCheck(required=False),
    "id_check.min_age": IdCheck(min_age=21),
}
WHOLE: dict[str, dict[str, Any]] = {
    "order_value": {"order_value": USD},
    "tip": {"tip": Money(0, "USD")},
    "cash_on_delivery": {"cash_on_delivery": CashOnDelivery(collect=USD)},
    "schedule.asap": {},
    "schedule.pickup_at": {"schedule": PickupAt(NOW)},
    "schedule.dropoff_at": {"schedule": DropoffAt(NOW)},
    "schedule.windows": {"schedule": Windows(pickup=WINDOW, dropoff=WINDOW)},
    **{f"if_undeliverable.{one}": {"if_undeliverable": one} for one in Undeliverable},
}


def asking_for(path: str) -> DeliveryRequest:
    """
    Build a request that asks for *path* and for as little else as possible.
    """
    stops = {"pickup": Stop(address=PLACE), "dropoff": Stop(address=PLACE)}
    end, _, rest = path.partition(".")
    if end in stops:
        stops[end] = changed(stops[end], **stop_fields(rest))
    return DeliveryRequest(
        reference="a",
        pickup=stops["pickup"],
        dropoffs=stops["dropoff"],
        **WHOLE.get(path, {}),
    )


def stop_fields(path: str) -> dict[str, object]:
    """
    Return the fields of a stop that asks for *path*.
    """
    part, _, name = path.partition(".")
    if part == "address":
        return {"address": ADDRESSES[name]}
    if part == "contact":
        return {"contact": CONTACTS[name]}
    if part == "items":
        texts = ("description", "size_class", "external_id", "category")
        more = {one: changed(Item(name="x"), **{one: "y"}) for one in texts}
        size = {"dimensions": Item(name="x", dimensions=SIZE)}
        return {"items": [(ITEMS | more | size)[name]]}
    if part == "verification":
        return {"verification": [CHECKS[name]]}
    return {part: False if part == "contactless" else "text"}


@pytest.mark.parametrize("path", sorted(all_paths() - ONLY_CHANGES))
def test_path_is_produced_and_refused_when_unknown(path) -> None:
    """
    Every path that a capability may name can be asked for, and is refused unnamed.
    """
    request = asking_for(path)

    assert path in used_paths(request)
    check_request(request, EVERYTHING)
    if path != "schedule.asap":
        lacking = attrs.evolve(EVERYTHING, inputs=all_paths() - {path})
        with pytest.raises(UnsupportedError) as caught:
            check_request(request, lacking)
        assert path == caught.value.params["capability"]
        assert path in str(caught.value)


@pytest.mark.parametrize("path", sorted(ONLY_CHANGES))
def test_taking_everything_away_is_a_wish_of_its_own(path) -> None:
    """
    An empty tuple in changes is no empty wish: it is named, and refused unnamed.
    """
    end, _, name = path.partition(".")
    emptied = changed(StopChanges(instructions="leave it"), **{name: ()})
    changes = changed(Changes(), **{end: emptied})

    assert {path, f"{end}.instructions"} == used_paths(changes)
    with pytest.raises(UnsupportedError):
        check_changes(changes, attrs.evolve(EVERYTHING, update_fields=all_paths() - {path}))


def may_stand_in_another_form(path: str) -> bool:
    """
    Whether *path* is part of an address that the request may give in another form too.
    """
    return ".address." in path and not path.endswith((".unit", ".access_notes"))


@slow
@given(request=neutral(DeliveryRequest), data=st.data())
def test_whatever_a_request_asks_for_can_be_refused(request, data) -> None:
    """
    No request of any shape asks for something that no capability could name.
    """
    used = used_paths(request)
    path = data.draw(st.sampled_from(sorted(used)))

    assert used <= all_paths()
    check_request(request, EVERYTHING)
    assume(not may_stand_in_another_form(path))
    if path != "schedule.asap":
        with pytest.raises(UnsupportedError):
            check_request(request, attrs.evolve(EVERYTHING, inputs=all_paths() - {path}))


@slow
@given(changes=neutral(Changes), data=st.data())
def test_whatever_changes_ask_for_can_be_refused(changes, data) -> None:
    """
    The same holds for every set of changes; empty ones are refused as empty.
    """
    used = used_paths(changes)

    assert used <= all_paths()
    if not used:
        with pytest.raises(ValidationError, match="changes are empty"):
            check_changes(changes, EVERYTHING)
        return
    check_changes(changes, EVERYTHING)
    path = data.draw(st.sampled_from(sorted(used)))
    assume(not may_stand_in_another_form(path))
    with pytest.raises(UnsupportedError):
        check_changes(changes, attrs.evolve(EVERYTHING, update_fields=all_paths() - {path}))


def test_plain_request_needs_only_an_address() -> None:
    """
    Defaults ask for nothing; as soon as possible is never refused.
    """
    request = asking_for("schedule.asap")
    ends = {"pickup.address.one_line", "dropoff.address.one_line"}

    assert ends | {"schedule.asap"} == used_paths(request)
    check_request(request, Capabilities(inputs=frozenset(ends)))


def test_what_the_carrier_needs_must_be_there() -> None:
    """
    A carrier that cannot find an address without coordinates says so beforehand.
    """
    needs = frozenset({"dropoff.address.coordinates", "dropoff.contact.phone"})

    with pytest.raises(ValidationError) as caught:
        check_request(asking_for("tip"), attrs.evolve(EVERYTHING, needs=needs))

    assert sorted(needs) == [field.path for field in caught.value.fields]


def test_more_dropoffs_than_the_carrier_takes_are_refused() -> None:
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
def test_foreign_currency_is_refused_wherever_it_stands(fields) -> None:
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
    schedule: Any, limits: dict[str, int], rule: str
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
def test_f104_time_within_the_limits_is_taken(seconds: int) -> None:
    """
    Clocks differ by up to a minute, and limits include their ends.
    """
    wish = changed(asking_for("tip"), schedule=PickupAt(NOW + timedelta(seconds=seconds)))

    check_request(wish, changed(EVERYTHING, max_lead_s=60), NOW)


@pytest.mark.parametrize(("used", "enough"), [("coordinates", True), ("unit", False)])
def test_one_of_several_needs_is_enough(used: str, enough: bool) -> None:
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
def test_address_in_several_forms_suits_every_carrier(taken: set[str], refused: set[str]) -> None:
    """
    One form that the carrier understands whole is enough; half a form is not.
    """
    several = attrs.evolve(
        PLACE,
        lines=["1 Main St"],
        locality="Springfield",
        coordinates=ADDRESSES["coordinates"].coordinates,
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


def test_unit_is_part_of_no_form() -> None:
    """
    A flat number that the carrier cannot take is refused: losing it would lose the door.
    """
    wish = asking_for("dropoff.address.unit")
    ends = {"pickup.address.one_line", "dropoff.address.one_line"}

    with pytest.raises(UnsupportedError, match=r"dropoff\.address\.unit"):
        check_request(wish, Capabilities(inputs=frozenset(ends)))
