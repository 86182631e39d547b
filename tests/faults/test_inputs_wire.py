"""
Text on its way out: what every installed provider would send of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import orjson
import pytest

from doorstep import settings
from doorstep.capabilities import Capabilities
from doorstep.errors import DoorstepError, UnsupportedError
from doorstep.models import (
    Address,
    Barcode,
    Changes,
    Contact,
    DeliveryId,
    DeliveryRequest,
    Extension,
    Item,
    Money,
    Pin,
    PinSource,
    Signature,
    Stop,
    StopChanges,
    StoreRef,
)
from doorstep.provider import Provider, Updates
from doorstep.registry import default_registry
from doorstep.requirements import check_changes, check_request
from doorstep.testing import FakeProvider
from doorstep_contracts.flows import context
from doorstep_contracts.naughty import EVERY_NAUGHTY_STRING, texts_of, with_text

Place = tuple[str | int, ...]
#: One of them is taken by every field of text, whatever its rule; none stands anywhere else.
MARKERS = ("Qz7Marker", "Qz-Q7", "+14155550199", "QX", "9317", "qz7@marker.example")
USD = Money(1999, "USD")
CHECKS = (Signature(name="a", relation="b"), Barcode(values=["c"]))
DOOR = Stop(
    address=Address(
        one_line="1 Ferry Building, San Francisco",
        lines=("1 Ferry Building", "Gate B"),
        unit="5",
        locality="San Francisco",
        region="CA",
        postal_code="94105",
        country="US",
        access_notes="Gate on the left",
        store_ref=StoreRef(store="st-1", business="bus-1"),
    ),
    contact=Contact(
        given="Ada",
        family="Lovelace",
        display="Ada L",
        business="Engines",
        phone="+16505555555",
        email="ada@example.org",
    ),
    instructions="Ring twice",
    reference="bag 61",
)
ITEM = Item(
    name="Soup",
    description="Hot",
    size_class="small",
    external_id="sku-1",
    category="food",
)
DROPOFF = with_text(with_text(DOOR, ("items",), (ITEM,)), ("verification",), CHECKS)
REQUEST = DeliveryRequest(
    reference="order-118", pickup=DOOR, dropoffs=DROPOFF, order_value=USD, tip=USD
)
CHANGES = Changes(
    pickup=StopChanges(
        address=DOOR.address,
        contact=DOOR.contact,
        instructions="Ring twice",
        reference="bag 61",
    ),
    dropoff=StopChanges(
        address=DOOR.address,
        contact=DOOR.contact,
        instructions="Ring twice",
        reference="bag 61",
        items=(ITEM,),
        verification=(Pin(source=PinSource.CALLER, value="4821"), *CHECKS),
    ),
)


def providers() -> Iterator[Provider]:
    """
    Build every installed provider that has a simulator to be built for, and the fake.
    """
    yield FakeProvider()
    registry = default_registry()
    for name in registry.names():
        spec = registry.provider(name)
        simulator = registry.simulator(name)
        server = simulator.build(simulator.options())
        server.start()
        try:
            given = server.credentials()
        finally:
            server.stop()
        yield spec.build("main", settings.load(spec.settings, name, "main", keywords=given))


PROVIDERS = list(providers())
each_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.name)


def check(value: Any, can: Capabilities) -> None:
    """
    Refuse what the account cannot do, as the client does before it sends anything.
    """
    (check_request if isinstance(value, DeliveryRequest) else check_changes)(value, can)


def fitted(value: Any, can: Capabilities) -> Any:
    """
    Take away from *value* what this account cannot do.
    """
    while True:
        try:
            check(value, can)
        except UnsupportedError as error:
            value = without(value, error.params["capability"].split("."))
        else:
            return value


def without(value: Any, path: list[str]) -> Any:
    """
    Return *value* with the wish that *path* names at its default.
    """
    first, *rest = path
    if first == "dropoff" and isinstance(value, DeliveryRequest):
        return attrs.evolve(value, dropoffs=without(value.dropoff, rest))
    if not rest or first == "verification":
        default = getattr(attrs.fields(type(value)), first).default
        return attrs.evolve(value, **{first: default})
    inner = getattr(value, first)
    if first == "items":
        return attrs.evolve(value, items=[without(one, rest) for one in inner])
    return attrs.evolve(value, **{first: without(inner, rest)})


def in_parts(value: Any) -> Any:
    """
    Return *value* with addresses in parts alone, for those who take one line if there is one.
    """
    for place, _ in list(texts_of(value)):
        if place[-1] == "one_line":
            value = with_text(value, place, None)
    return value


def extended(provider: Provider, value: Any, kind: type[Extension]) -> Any:
    """
    Return *value* with an extension that has something in every field of text.
    """
    for field in attrs.fields(kind):
        extension = value.extensions[0] if value.extensions else kind()
        for marker in MARKERS if field.default is None else ():
            try:
                filled = attrs.evolve(extension, **{field.name: marker})
                sent(provider, attrs.evolve(value, extensions=(filled,)))
            except (DoorstepError, TypeError):
                continue
            value = attrs.evolve(value, extensions=(filled,))
            break
    return value


def sent(provider: Provider, value: Any) -> list[str]:
    """
    Return every text in the first body that the flow for *value* yields.
    """
    check(value, provider.capabilities)
    flow: Any
    if isinstance(value, DeliveryRequest):
        flow = provider.dispatch(value, context(), quote=None, max_fee=None)
    else:
        assert isinstance(provider, Updates)
        flow = provider.update(DeliveryId(provider.name, "main", "d-1"), value, context())
    try:
        return list(leaves(orjson.loads(next(flow).body)))
    finally:
        flow.close()


def leaves(value: Any) -> Iterator[str]:
    """
    Yield every text in parsed JSON, and in JSON that stands in it as text.
    """
    if isinstance(value, str):
        if value.startswith('{"doorstep"'):
            yield from leaves(orjson.loads(value))
        else:
            yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)


def pattern(provider: Provider, value: Any, place: Place) -> tuple[str, list[str]] | None:
    """
    Return a marker that may stand at *place*, and what is sent then; None if nothing may.
    """
    for marker in MARKERS:
        try:
            return marker, sent(provider, with_text(value, place, marker))
        except DoorstepError:
            continue
    return None


def put(value: Any, places: set[Place], text: str, at: Place = ()) -> Any:
    """
    Return *value* with *text* in all *places* at once.
    """
    if at in places:
        return text
    if type(value) is tuple:
        return tuple(put(one, places, text, (*at, index)) for index, one in enumerate(value))
    if not attrs.has(type(value)) or not any(place[: len(at)] == at for place in places):
        return value
    names = [field.name for field in attrs.fields(type(value))]
    held = {name: put(getattr(value, name), places, text, (*at, name)) for name in names}
    return attrs.evolve(value, **held)


def values(provider: Provider) -> Iterator[tuple[Any, list[Place]]]:
    """
    Yield requests and changes, with the places in which to try each string.

    The second is for those who take an address from one line if there is one, the
    third for what only this provider takes.
    """
    kind = Extension.known.get(provider.name)
    for value in (REQUEST, CHANGES) if isinstance(provider, Updates) else (REQUEST,):
        whole = fitted(value, provider.capabilities)
        yield whole, [place for place, _ in texts_of(whole) if not is_a_part(place)]
        parts = in_parts(whole)
        yield parts, [place for place, _ in texts_of(parts) if is_a_part(place)]
        if kind is not None:
            more = extended(provider, whole, kind)
            yield more, [place for place, _ in texts_of(more) if place[0] == "extensions"]


def is_a_part(place: Place) -> bool:
    """
    Whether it is part of an address that may be told in another form instead.
    """
    return "address" in place and place[-1] not in ("one_line", "access_notes")


def unchanged(
    provider: Provider, value: Any, places: set[Place], text: str, known: tuple[str, list[str]]
) -> bool:
    """
    Tell whether *text* was sent as it is, from all *places*; False if it was refused.
    """
    try:
        told = sent(provider, put(value, places, text))
    except DoorstepError:
        return False
    marker, template = known
    assert [one.replace(marker, text) for one in template] == told
    return True


def takes_anything(provider: Provider, value: Any, place: Place) -> bool:
    """
    Whether the field has no rule of its own for letters.
    """
    try:
        return bool(sent(provider, with_text(value, place, "\u00e9 ?;$#[]{}")))
    except DoorstepError:
        return False


@each_provider
def test_f094_text_that_is_sent_is_the_text_that_was_given(provider) -> None:
    """
    What a provider sends holds every text exactly as it was given, or the provider refuses
    it by a typed error before anything is sent.
    """
    tried = set()
    for value, places in values(provider):
        found = {place: pattern(provider, value, place) for place in places}
        known = {place: it for place, it in found.items() if it}
        told = {place for place, (marker, sent_) in known.items() if marker in "".join(sent_)}
        # A store's id is left out where the carrier takes the address in another form.
        assert [] == [place for place in known if place not in told and "store_ref" not in place]
        # A reference becomes part of an id, which has tests of its own.
        told.discard(("reference",))
        free = {place for place in told if takes_anything(provider, value, place)}
        together = (MARKERS[0], sent(provider, put(value, free, MARKERS[0])))
        for text in EVERY_NAUGHTY_STRING:
            taken = bool(free) and unchanged(provider, value, free, text, together)
            # Refused together: by which field is seen one by one, once for each rule.
            alone = {} if taken else {place[-1]: place for place in free}
            for place in {*(told - free), *alone.values()}:
                unchanged(provider, value, {place}, text, known[place])
        tried |= {place[-1] for place in told}
    assert {"instructions", "business", "one_line", "phone"} <= tried
