"""
Redacting: what is not public is replaced by its like, the same by the same.
"""

from __future__ import annotations

import json
import random
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest

from doorstep.http import Call, Request, Response, path
from doorstep.models import Address, Contact, DeliveryRequest, Stop
from doorstep.testing import FakeCarrier, FakeProvider
from doorstep_contracts.flows import answer
from doorstep_contracts.recordings import (
    Kept,
    Life,
    Origin,
    Recorder,
    RecordingError,
    Redactor,
    capture,
    dumps,
    problems,
)
from doorstep_contracts.recordings._stand_ins import StandIns

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
#: What the fake carrier's own JSON is made of: this is not data of a person.
WIRE = frozenset(
    {
        "as_of",
        "at",
        "binding",
        "booked",
        "code",
        "confirmed",
        "created_at",
        "currency",
        "doorstep",
        "earliest",
        "eta",
        "expires_at",
        "kind",
        "latest",
        "minor",
        "price",
        "reason_sent",
        "revision",
        "status",
        "tax",
        "tip_included",
        "type",
    }
)
PROVIDER = FakeProvider(public_fields=WIRE)


@pytest.fixture(name="stand_ins")
def _stand_ins() -> StandIns:
    return StandIns(random.Random(113))


@pytest.fixture(name="redactor")
def _redactor() -> Redactor:
    return Redactor(PROVIDER, hide=["own-setting-77"], rng=random.Random(113))


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("+16505555555", r"\+120255501\d\d"),
        ("+1(650)5555555", r"\+1\(202\)55501\d\d"),
        ("650-555-5555", r"202-555-01\d\d"),
        ("+442071838750", r"\+120255501\d\d"),
        ("ada@shop.example", r"[a-z]{3}@mail\.example"),
        ("https://t.shop/track/9f-2", r"https://carrier\.example/[a-z]{5}/\d[a-z]-\d"),
        ("1985-03-17", r"19\d\d-\d\d-\d\d"),
        ("Ada O'Neil", r"[A-Z][a-z]{2} [A-Z]'[A-Z][a-z]{3}"),
        ("12B Main St, 94105", r"\d\d[A-Z] [A-Z][a-z]{3} [A-Z][a-z], \d{5}"),
        ("eyJh.c0de_x-1", r"[a-z]{4}\.[a-z]\d[a-z]{2}_[a-z]-\d"),
        ("שלום 🍕", r"[a-z]{4} 🍕"),
        (
            "call 650-555-5555 or ada@b.co",
            r"[a-z]{4} 202-555-01\d\d [a-z]{2} [a-z]{3}@mail.example",
        ),
        ("007", r"0\d\d"),
    ],
)
def test_stand_in_has_the_shape(stand_ins: StandIns, value: str, shape: str) -> None:
    """
    A phone stays a phone that nobody has, a date a date, an address an address.
    """
    found = stand_ins.text(value)

    assert re.fullmatch(shape, found, re.IGNORECASE if value.startswith("eyJ") else 0), found
    assert found == stand_ins.text(value)
    assert found != value


@pytest.mark.parametrize(
    "value", ["2026-01-01T12:00:00Z", "2026-01-01T12:00:00.123+01:00", "", "-"]
)
def test_time_stays(stand_ins: StandIns, value: str) -> None:
    """
    Flows compare times: they stay, and so does what has no word in it.
    """
    assert value == stand_ins.text(value)


def test_parts_and_whole_still_fit(stand_ins: StandIns) -> None:
    """
    What was put together from parts is put together from their stand-ins.
    """
    street, place = stand_ins.text("7 Elm Road"), stand_ins.text("Springfield")

    assert f"{street}, {place.upper()}." == stand_ins.text("7 Elm Road, SPRINGFIELD.")
    digits = re.sub(r"\D", "", stand_ins.text("+16505555555"))
    assert digits == re.sub(r"\D", "", stand_ins.text("+1 650 555-5555"))
    assert stand_ins.text("+16505555556") != stand_ins.text("+16505555555")


def test_number_stays_of_its_kind(stand_ins: StandIns) -> None:
    """
    As many digits, as many decimals, the same sign; a place stays on the earth.
    """
    lat = stand_ins.number(Decimal("-89.123456"))

    assert 7 == len(str(stand_ins.whole(1232142)))
    assert 0 == stand_ins.whole(0)
    assert -90 < lat < 0
    assert -6 == lat.as_tuple().exponent
    assert lat == stand_ins.number(Decimal("-89.123456"))
    assert str(stand_ins.whole(5512)) == stand_ins.text("5512")


def test_stand_ins_of_different_values_differ(stand_ins: StandIns) -> None:
    """
    Two ids stay two, and two courier's phones.
    """
    values = [f"order-{at}" for at in range(100, 400)] + [
        f"+1650555{at}" for at in range(1000, 1080)
    ]

    assert len(values) == len({stand_ins.text(one) for one in values})


def test_public_fields_stay_and_others_go(redactor: Redactor) -> None:
    """
    The provider's list is all that stays; null, true and false say nothing of a person.
    """
    told = {"status": "new", "minor": 975, "who": "Ada", "n": 42, "on": True, "no": None}
    inner = {"type": {"who": "Ada"}, "code": ["a1", {"who": "Ada"}], "list": ["Ada"]}
    found = redactor.body({**told, **inner})
    ada = found["who"]

    assert ("new", 975, True, None) == tuple(found[key] for key in ("status", "minor", "on", "no"))
    assert "Ada" not in json.dumps(found)
    assert ["a1", {"who": ada}] == found["code"]
    assert ([ada], {"who": ada}) == (found["list"], found["type"])
    assert 42 != found["n"]


def test_public_field_loses_what_is_private_elsewhere(redactor: Redactor) -> None:
    """
    Prose in a public field may tell a name that stands in another, and a setting.
    """
    redactor.arguments({"request": {"reference": "order-118"}})
    found = redactor.body({"status": "no order-118 for own-setting-77, reordered"})["status"]

    assert re.fullmatch(r"no [a-z]{5}-\d{3} for \S+, reordered", found)
    assert "own" not in found


def test_key_that_is_data_is_replaced(redactor: Redactor) -> None:
    """
    A carrier may key an object by a phone number.
    """
    (key,) = redactor.body({"+16505555555": 1})

    assert re.fullmatch(r"\+120255501\d\d", key)


def test_headers_stay_by_the_list_alone(redactor: Redactor) -> None:
    """
    Cookies and credentials go even where a provider calls them public.
    """
    provider = attrs.evolve(PROVIDER, public_fields=WIRE | {"Set-Cookie", "Authorization", "Tag"})
    careless = Redactor(provider)
    headers = {"Content-Type": "text/x", "Set-Cookie": "a=b", "Authorization": "x", "Tag": "t1"}

    assert {"content-type": "text/x"} == redactor.response(200, headers, b"").headers
    assert {"content-type": "text/x", "tag": "t1"} == careless.response(200, headers, b"").headers


def test_body_that_is_no_json_has_no_word_left(redactor: Redactor) -> None:
    """
    Nobody knows what a page holds: its shape stays, its words go.
    """
    text = redactor.response(502, {}, b"<p>Dear Ada, call 650-555-5555</p>").text or ""

    assert re.fullmatch(r"<\w>\w{4} \w{3}, \w{4} 202-555-01\d\d</\w>", text)


def test_id_keeps_provider_and_account(redactor: Redactor) -> None:
    """
    An id stays one of this account, and its stand-in is that of the plain id.
    """
    found = redactor.arguments({"delivery": "fake/default/del%209x"})["delivery"]

    assert found.startswith("fake/default/")
    assert "del" not in found
    assert (
        found.partition("default/")[2].replace("%20", " ") == redactor.body({"id": "del 9x"})["id"]
    )


class Ready:
    """
    A transport that is not asked.
    """

    def send(self, request: Request, base_url: str, call: Call) -> Response:
        return answer(200, {"n": request.path.route})

    def close(self) -> None:
        pass


def test_recorder_keeps_the_last_of_repeats_and_no_grant() -> None:
    """
    What the driver asks again is one exchange, and what asks for a token is none.
    """
    recorder, call = Recorder(Ready()), Call("track")
    grant = Request("POST", "/token", base="https://auth.invalid")
    for one in (grant, Request("GET", "/a"), Request("GET", "/a"), Request("GET", "/b")):
        recorder.send(one, "https://carrier.invalid", call)

    assert "<Recorder: 3 kept>" == repr(recorder)
    assert ["/a", "/b"] == [one.request.path.route for one in recorder.take()]
    assert [] == recorder.take()


def tracked(route: str = "/deliveries/{id}", body: Any = None) -> list[Kept]:
    """
    Return what passes when a delivery is read.
    """
    value = {"id": "fake/default/d1", "status": "pending", "as_of": "2026-01-01T12:00:00Z"}
    told = {"doorstep": 1, "type": "Delivery", "value": value} if body is None else body
    return [Kept(Request("GET", path(route, id="d1")), answer(200, told))]


def test_what_no_replay_asks_for_is_not_written(redactor: Redactor) -> None:
    """
    Evidence that nobody can play is refused, before it is written.
    """
    given: dict[str, Any] = {"redactor": redactor, "source": "this test"}
    with pytest.raises(RecordingError, match="not what a replay asks for"):
        capture(PROVIDER, "track", {"delivery": "fake/default/d1"}, tracked() * 2, **given)
    with pytest.raises(RecordingError, match="not what a replay asks for"):
        capture(PROVIDER, "track", {"delivery": "fake/default/d1"}, tracked("/x/{id}"), **given)


def test_what_would_hold_private_data_is_not_written(redactor: Redactor) -> None:
    """
    A last look at all that is to be written: a value that slipped through is named by path.
    """
    arguments = {"delivery": "fake/default/d1"}
    redactor.hide("validation")
    with pytest.raises(RecordingError, match="would hold private data") as raised:
        capture(PROVIDER, "track", arguments, tracked(body={}), redactor=redactor, source="x")

    assert "$.expected.error" == raised.value.path


def there(name: str) -> Stop:
    return Stop(
        address=Address(one_line=f"{name} Road 1"),
        contact=Contact(given=name, phone="+16505555555"),
    )


def life(carrier: FakeCarrier, **options: Any) -> Life:
    request = DeliveryRequest(reference="order-1", pickup=there("Elm"), dropoffs=there("Oak"))
    return Life(
        provider=PROVIDER,
        transport=carrier,
        request=request,
        redactor=Redactor(PROVIDER, rng=random.Random(1)),
        source="the carrier in memory",
        clock=carrier.clock,
        **options,
    )


def test_life_is_recorded_and_replays() -> None:
    """
    A delivery's life becomes recordings that replay, in order, under one set of stand-ins.
    """
    carrier = FakeCarrier(provider=PROVIDER)
    asked = life(carrier, operations=("track", "dispatch", "cancel"), origin=Origin.SANDBOX)
    made = list(asked.record())

    assert [] == asked.skipped
    assert ["dispatch", "track", "cancel"] == [one.operation for one in made]
    assert ["dispatch_sandbox", "track_sandbox", "cancel_sandbox"] == [one.name for one in made]
    assert [] == [line for one in made for line in problems(one, PROVIDER)]
    assert not any("Elm" in dumps(one) or "order-1" in dumps(one) for one in made)


def test_life_that_is_broken_off_leaves_no_courier() -> None:
    """
    Whoever stops in the middle, or does not ask for a cancel, leaves no delivery behind.
    """
    carrier = FakeCarrier(provider=PROVIDER)
    for operations in (("dispatch", "track"), ("dispatch",)):
        for _ in life(carrier, operations=operations).record():
            break

    assert [True] == [one.status.terminal for one in carrier.deliveries]


def test_delivery_that_cannot_be_cancelled_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    If the carrier takes no cancel, the id is told: somebody must see to it.
    """
    carrier = FakeCarrier(provider=PROVIDER)
    asked = life(carrier, operations=("dispatch",))
    send = carrier.send

    def refuse(request: Request, base_url: str, call: Call) -> Response:
        if call.operation == "cancel":
            return answer(500, {}, at=carrier.clock.now())
        return send(request, base_url, call)

    monkeypatch.setattr(carrier, "send", refuse)
    list(asked.record())

    assert asked.left_behind
    assert str(carrier.deliveries[0].id) in asked.skipped[-1]
