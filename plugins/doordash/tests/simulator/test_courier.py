"""
The courier's walk, by the clock and by hand.
"""

from __future__ import annotations

import json

import attrs
import pytest
import urllib3

from doorstep.simulation import MoveRefusedError, UnknownDeliveryError
from doorstep_doordash.simulator._courier import LEGS_S

WALK = [
    ("created", 60),
    ("confirmed", 30),
    ("enroute_to_pickup", 300),
    ("arrived_at_pickup", 120),
    ("picked_up", 30),
    ("enroute_to_dropoff", 600),
    ("arrived_at_dropoff", 60),
    ("delivered", 0),
]
RETURNS = {"action_if_undeliverable": "return_to_pickup"}


@pytest.fixture(name="see")
def _see(call):
    def see(delivery="D-1"):
        return call("GET", f"/drive/v2/deliveries/{delivery}").body

    return see


def test_the_walk_takes_its_documented_time(drive, book, see):
    """
    Each status lasts to the second as long as the table says.
    """
    book()
    seen = []
    for status, seconds in WALK:
        seen.append(see()["delivery_status"])
        drive.clock.step(max(seconds - 0.001, 0))
        assert status == see()["delivery_status"]
        drive.clock.step(0.001 if seconds else 0)

    assert [status for status, _ in WALK] == seen


def test_a_long_step_passes_every_status(drive, book, see):
    """
    Whoever looks late sees the times at which things happened.
    """
    book()
    drive.clock.step(100_000)
    body = see()

    assert "delivered" == body["delivery_status"]
    assert "2026-11-22T10:08:30.123456Z" == body["pickup_time_actual"]
    assert "2026-11-22T10:20:00.123456Z" == body["dropoff_time_actual"]
    assert "2026-11-22T10:20:00.123456456Z" == body["updated_at"]
    assert "2026-11-22T10:08:30Z" == body["pickup_time_estimated"]
    assert body["dropoff_verification_image_url"].endswith("frontdoor.png")


def test_times_appear_as_they_happen(drive, book, see):
    """
    Before the pickup nothing is actual.
    """
    book()
    drive.clock.step(509)
    before = see()
    drive.clock.step(1)
    after = see()

    assert not {"pickup_time_actual", "dropoff_time_actual"} & before.keys()
    assert "pickup_time_actual" in after
    assert "dropoff_time_actual" not in after


def test_the_courier_appears_when_confirmed(drive, book, see):
    """
    With the types of the specification: an int, strings, a location.
    """
    book()
    before = see()
    drive.advance("D-1", "confirmed")
    after = see()
    shown = {name: after[name] for name in after if name.startswith("dasher_")}

    assert not [name for name in before if name.startswith("dasher_")]
    assert {
        "dasher_id": 1232142,
        "dasher_name": "TAS-DASHER-01 T.",
        "dasher_dropoff_phone_number": "+15555555555",
        "dasher_pickup_phone_number": "+14444444444",
        "dasher_location": {"lat": 37.7842, "lng": -122.4076},
        "dasher_vehicle_make": "Toyota",
        "dasher_vehicle_model": "Corolla",
        "dasher_vehicle_year": "2006",
    } == shown


@pytest.mark.parametrize("status", ["confirmed", "enroute_to_pickup", "arrived_at_pickup"])
def test_a_courier_may_drop_out(drive, book, see, status):
    """
    Back to created without a courier; another one comes and takes the full time.
    """
    book()
    drive.advance("D-1", status)
    first = see()["dasher_id"]
    drive.clock.step(10)
    drive.advance("D-1", "created")
    alone = see()
    drive.clock.step(60)
    second = see()

    assert ("created", False) == (alone["delivery_status"], "dasher_id" in alone)
    assert "2026-11-22T10:20:10Z" == alone["dropoff_time_estimated"]
    assert ("confirmed", first + 1) == (second["delivery_status"], second["dasher_id"])


def test_a_quote_does_not_move(drive, call, request_body, see):
    """
    Nobody comes for a quote.
    """
    call("POST", "/drive/v2/quotes", request_body())
    drive.clock.step(10_000)

    assert "quote" == see()["delivery_status"]


def test_the_walk_begins_with_the_acceptance(drive, call, request_body, see):
    """
    The time since the quote does not count.
    """
    call("POST", "/drive/v2/quotes", request_body())
    drive.clock.step(200)
    call("POST", "/drive/v2/quotes/D-1/accept")

    assert "created" == see()["delivery_status"]
    assert "2026-11-22T10:11:50Z" == see()["pickup_time_estimated"]


@pytest.mark.parametrize(
    ("times", "pickup", "dropoff"),
    [
        ({"pickup_time": "2026-11-22T12:00:00Z"}, "12:00:00", "12:11:30"),
        ({"pickup_time": "2026-11-22T13:00:00.5+01:00"}, "12:00:00", "12:11:30"),
        ({"dropoff_time": "2026-11-22T12:20:00Z"}, "12:08:30", "12:20:00"),
        ({"pickup_time": "2026-11-22T10:01:00Z"}, "10:08:30", "10:20:00"),
        (
            {
                "pickup_time": "2026-11-22T15:00:00Z",
                "dropoff_time": "2026-11-22T16:00:00Z",
                "pickup_window": {
                    "start_time": "2026-11-22T12:00:00Z",
                    "end_time": "2026-11-22T14:00:00Z",
                },
                "dropoff_window": {
                    "start_time": "2026-11-22T12:00:00Z",
                    "end_time": "2026-11-22T14:00:00Z",
                },
            },
            "12:00:00",
            "12:11:30",
        ),
        (
            {
                "pickup_time": "2026-11-22T12:00:00Z",
                "pickup_window": {"start_time": "2026-11-22T15:00:00Z"},
            },
            "12:00:00",
            "12:11:30",
        ),
    ],
)
def test_schedules_set_the_estimates(book, times, pickup, dropoff):
    """
    Asked for or as soon as possible; windows override times only when all four values are there.
    """
    body = book(**times).body

    assert (f"2026-11-22T{pickup}Z", f"2026-11-22T{dropoff}Z") == (
        body["pickup_time_estimated"],
        body["dropoff_time_estimated"],
    )


def test_a_scheduled_courier_starts_later(drive, book, see):
    """
    The delivery waits in created, and is picked up when it was asked for.
    """
    book(pickup_time="2026-11-22T12:00:00Z")
    drive.clock.step(2 * 3600 - 510)
    waiting = see()["delivery_status"]
    drive.clock.step(510)

    assert "created" == waiting
    assert "2026-11-22T12:00:00.000000Z" == see()["pickup_time_actual"]


@pytest.mark.parametrize("end", ["end_time", "start_time"])
def test_windows_must_be_windows(call, request_body, end):
    """
    A window ends after it starts, and not in the past.
    """
    late = {"start_time": "2026-11-22T12:00:00Z", "end_time": "2026-11-22T12:00:00Z"}
    past = {"start_time": "2018-08-22T17:20:28Z", "end_time": "2018-08-22T18:20:28Z"}
    window = late if end == "end_time" else past
    body = request_body(pickup_window=window, dropoff_window=window)
    answer = call("POST", "/drive/v2/quotes", body)
    fields = [error["field"] for error in answer.body["field_errors"]]

    assert (400, ["pickup_window", "dropoff_window"]) == (answer.status, fields)


@pytest.mark.parametrize("old", ["pickup_window", "dropoff_window"])
def test_each_window_is_looked_at(call, request_body, old):
    """
    One window in the past is enough.
    """
    past = {"start_time": "2018-08-22T17:20:28Z", "end_time": "2018-08-22T18:20:28Z"}
    ahead = {"start_time": "2026-11-22T12:00:00Z", "end_time": "2026-11-22T14:00:00Z"}
    body = request_body(**{"pickup_window": ahead, "dropoff_window": ahead, old: past})
    answer = call("POST", "/drive/v2/quotes", body)

    assert [old] == [error["field"] for error in answer.body["field_errors"]]


def test_a_move_by_hand_passes_what_lies_between(drive, book, see):
    """
    Whoever is delivered was picked up.
    """
    book()
    entry = drive.advance("D-1", "delivered")

    assert ("delivered", False) == (entry["status"], entry["live"])
    assert {"pickup_time_actual", "dropoff_time_actual", "dasher_id"} <= see().keys()
    assert {"lat": 37.7871, "lng": -122.4009} == see()["dasher_location"]


def test_a_moved_courier_walks_on(drive, book, see):
    """
    The clock goes on from where the hand left off.
    """
    book()
    drive.advance("D-1", "picked_up")
    drive.clock.step(LEGS_S["picked_up"])

    assert "enroute_to_dropoff" == see()["delivery_status"]


def test_the_return_is_walked(drive, book, see):
    """
    To the pickup and no further, with the return's own times and address.
    """
    book(**RETURNS)
    drive.advance("D-1", "arrived_at_dropoff")
    drive.advance("D-1", "undeliverable")
    under_way = see()
    drive.clock.step(600)
    arrived = see()
    drive.clock.step(60)
    returned = see()

    assert "enroute_to_return" == under_way["delivery_status"]
    assert "2026-11-22T10:11:00Z" == under_way["return_time_estimated"]
    assert under_way["pickup_address"] == under_way["return_address"]
    assert "arrived_at_return" == arrived["delivery_status"]
    assert "returned" == returned["delivery_status"]
    assert "2026-11-22T10:11:00.123456Z" == returned["return_time_actual"]
    assert "dropoff_time_actual" not in returned


def test_an_undeliverable_delivery_is_disposed_of(drive, book, see):
    """
    Unless a return was agreed, or support arranges one.
    """
    book()
    drive.advance("D-1", "picked_up")
    with pytest.raises(MoveRefusedError, match="return_to_pickup"):
        drive.advance("D-1", "enroute_to_return")
    drive.advance("D-1", "undeliverable")
    book("D-2")
    drive.advance("D-2", "picked_up")
    drive.advance("D-2", "returned", arranged_by_support=True)

    assert ("cancelled", "failed_to_deliver") == (
        see()["delivery_status"],
        see()["cancellation_reason"],
    )
    assert "returned" == see("D-2")["delivery_status"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("created", "failed_to_assign_and_refunded"),
        ("confirmed", "failed_to_pickup"),
        ("enroute_to_dropoff", "failed_to_deliver"),
        ("arrived_at_return", "failed_to_return"),
    ],
)
def test_doordash_may_cancel(drive, book, see, status, reason):
    """
    With the likely reason, or with any that is given.
    """
    for delivery in ("D-1", "D-2"):
        book(delivery, **RETURNS)
        if status == "arrived_at_return":
            drive.advance(delivery, "picked_up")
        if status != "created":
            drive.advance(delivery, status)
    drive.advance("D-1", "cancelled")
    drive.advance("D-2", "cancelled", cancellation_reason="something_new")

    assert ("cancelled", reason) == (see()["delivery_status"], see()["cancellation_reason"])
    assert "something_new" == see("D-2")["cancellation_reason"]


@pytest.mark.parametrize(
    ("at", "to"),
    [
        ("created", "created"),
        ("created", "quote"),
        ("created", "enroute_to_return"),
        ("created", "asleep"),
        ("picked_up", "created"),
        ("picked_up", "confirmed"),
        ("delivered", "cancelled"),
        ("delivered", "returned"),
        ("cancelled", "created"),
        ("cancelled", "cancelled"),
    ],
)
def test_impossible_moves_are_refused(drive, book, see, at, to):
    """
    A delivery does not go where Drive's would not.
    """
    book(**RETURNS)
    if at != "created":
        drive.advance("D-1", at)
    with pytest.raises(MoveRefusedError):
        drive.advance("D-1", to)

    assert at == see()["delivery_status"]


def test_what_was_not_booked_cannot_be_moved(drive, call, request_body):
    """
    Neither an unknown id nor a quote.
    """
    call("POST", "/drive/v2/quotes", request_body())

    for delivery in ("D-1", "D-404"):
        with pytest.raises(UnknownDeliveryError):
            drive.advance(delivery, "confirmed")


def test_moves_and_books_are_served_over_http(drive, book):
    """
    The control API does the same.
    """
    book()
    with urllib3.PoolManager() as pool:
        moved = pool.request(
            "POST",
            f"{drive.base_url}/_simulator/deliveries/D-1/advance",
            body=json.dumps({"to": "cancelled", "cancellation_reason": "failed_to_pickup"}),
        )
        books = pool.request("GET", f"{drive.base_url}/_simulator/books")

    assert ("cancelled", False) == (moved.json()["status"], moved.json()["live"])
    assert [moved.json()] == books.json()["deliveries"] == drive.books()


class TestWaitingCouriers:
    """
    As in DoorDash's sandbox: nobody moves but by hand.
    """

    @pytest.fixture(name="options")
    def _options(self, options):
        return attrs.evolve(options, courier_walks=False)

    def test_the_clock_moves_nobody(self, drive, book, see):
        """
        A delivery stays where it was put.
        """
        book()
        drive.clock.step(100_000)
        before = see()["delivery_status"]
        drive.advance("D-1", "picked_up")
        drive.clock.step(100_000)

        assert ("created", "picked_up") == (before, see()["delivery_status"])
