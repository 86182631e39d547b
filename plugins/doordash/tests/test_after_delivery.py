"""
Around a delivery over HTTP: asked before, brought again, rated and proven afterwards.
"""

from __future__ import annotations

import pytest

import doorstep
from doorstep import errors as e
from doorstep.http import Call, HttpPool, TransportError
from doorstep.models import (
    Address,
    DeliveryId,
    Opinion,
    Pin,
    PinSource,
    ProofKind,
    Rating,
    Relation,
    Signature,
    StopKind,
)
from doorstep.outcome import Outcome
from doorstep.testing import ManualClock
from doorstep_doordash._services_wire import RATING_REASONS
from doorstep_doordash.simulator import DriveOptions, DriveServer

HERE = Address(one_line="901 Market Street, San Francisco, CA 94103")


class Losing:
    """
    Pass requests on; lose the answer to the next one whose path ends so.
    """

    def __init__(self):
        self._pool = HttpPool()
        self.ending = None

    def send(self, request, base_url, call):
        if self.ending is not None and request.path.encoded.endswith(self.ending):
            self.ending = None
            self._pool.send(request, base_url, Call("passed on"))
            raise TransportError("reset", sent=True)
        return self._pool.send(request, base_url, call)

    def close(self):
        self._pool.close()


@pytest.fixture(name="clock")
def _clock():
    return ManualClock()


@pytest.fixture(name="drive")
def _drive(clock):
    options = DriveOptions(
        courier_walks=False,
        speed=0,
        start=clock.now(),
        real_time=lambda: clock.now().timestamp(),
        proof_life=3600,
    )
    with DriveServer(options) as server:
        yield server


@pytest.fixture(name="losing")
def _losing():
    losing = Losing()
    yield losing
    losing.close()


@pytest.fixture(name="client")
def _client(drive, clock, losing):
    with doorstep.connect("doordash", **drive.credentials(), clock=clock, pool=losing) as client:
        yield client


@pytest.fixture(name="deliver")
def _deliver(drive, client, make_request):
    """
    Return what books and brings a delivery.
    """

    def deliver(**changes):
        delivery = client.dispatch(make_request(**changes))
        for status in ("confirmed", "picked_up", "delivered"):
            drive.advance(delivery.id.value, status)
        return delivery

    return deliver


def test_coverage_is_asked_before(client):
    """
    Where DoorDash goes and where not, with its reasons; nothing is booked.
    """
    nowhere = Address(one_line="1 Faraway Street, San Francisco, CA 94103")

    assert client.covers(HERE, HERE).covered
    assert (False, ("distance_too_long",)) == (
        client.covers(HERE, nowhere).covered,
        client.covers(HERE, nowhere).reasons,
    )


def test_address_is_completed(client):
    """
    A beginning becomes addresses that can be dispatched to.
    """
    (found,) = client.complete_address("1600 Amphi", limit=20)

    assert found.one_line.startswith("1600 Amphitheatre")
    assert client.covers(HERE, found).covered


def test_redelivery_is_a_delivery_of_its_own(drive, client, deliver):
    """
    What was delivered is brought once more, under the next revision, and can be found.
    """
    first = deliver()
    again = client.redeliver(first.id, "D-1763", 2)

    assert ("D-1763", 2) == (again.reference, again.revision)
    assert [(first.id, Relation.ORIGINAL)] == [
        (one.delivery_id, one.relation) for one in again.related
    ]
    assert again.id == client.find("D-1763", 2).id == client.track(again.id).id
    assert ["D-1763", "D-1763.2"] == [one["id"] for one in drive.books()]


def test_redelivery_too_early_says_when(drive, client, make_request):
    """
    What is under way is not brought again, and nothing was booked.
    """
    first = client.dispatch(make_request())
    with pytest.raises(e.NotModifiableError, match="when it has ended") as caught:
        client.redeliver(first.id, "D-1763", 2)

    assert "delivery_not_completed_or_cancelled" == caught.value.params["reason"]
    assert Outcome.REJECTED is caught.value.booked
    assert 1 == len(drive.books())


def test_lost_answer_of_a_redelivery_is_unknown_and_can_be_found(drive, client, losing, deliver):
    """
    It is not sent again: the caller is told which reference to look up, and finds it.
    """
    first = deliver()
    losing.ending = "/redelivery"
    with pytest.raises(e.OutcomeUnknownError) as caught:
        client.redeliver(first.id, "D-1763", 2)

    assert ("D-1763", 2) == (caught.value.reference, caught.value.revision)
    assert "D-1763.2" == client.find("D-1763", 2).id.value
    drive.advance("D-1763.2", "confirmed")
    with pytest.raises(e.DuplicateError) as caught:
        client.redeliver(first.id, "D-1763", 2)
    assert "D-1763.2" == caught.value.delivery.id.value
    assert [1, 1] == [one["commits"] for one in drive.books()]


def test_redelivery_under_a_used_id_shows_what_has_it(drive, client, deliver, make_request):
    """
    An order that is alike in everything is still another order.
    """
    first = deliver()
    other = client.dispatch(make_request(reference="D-1764"))
    with pytest.raises(e.DuplicateError) as caught:
        client.redeliver(first.id, "D-1764")

    assert other.id == caught.value.delivery.id
    assert 2 == len(drive.books())


def test_couriers_are_told_and_rated(drive, client, deliver):
    """
    The Dasher who brought it is in the assignments, and can be rated for each reason.
    """
    delivery = deliver()
    (assignment,) = client.assignments(delivery.id)

    for reason in sorted(RATING_REASONS):
        client.rate_courier(
            delivery.id, assignment.courier.id, Rating(opinion=Opinion.GOOD, reason=reason)
        )

    assert sorted(RATING_REASONS) == [one["feedback_reason"] for one in drive.books()[0]["ratings"]]
    with pytest.raises(e.DeliveryNotFoundError, match="no such courier"):
        client.rate_courier(delivery.id, "1", Rating(opinion=Opinion.BAD))


def test_courier_who_dropped_out_is_told_too(drive, client, make_request):
    """
    Who gave it back stands there with time and reason; who has it now has neither.
    """
    delivery = client.dispatch(make_request())
    for status in ("confirmed", "created", "confirmed"):
        drive.advance(delivery.id.value, status)
    first, second = client.assignments(delivery.id)

    assert first.unassigned_at is not None
    assert first.unassigned_reason
    assert (None, None) == (second.unassigned_at, second.unassigned_reason)


def test_rating_whose_answer_is_lost_is_not_sent_again(drive, client, losing, deliver):
    """
    It may have been counted: the error says so.
    """
    delivery = deliver()
    courier = client.assignments(delivery.id)[0].courier.id
    losing.ending = "/rating"
    with pytest.raises(e.CarrierUnavailableError) as caught:
        client.rate_courier(delivery.id, courier, Rating(opinion=Opinion.GOOD))

    assert Outcome.UNKNOWN is caught.value.booked
    assert 1 == len(drive.books()[0]["ratings"])


def test_proofs_are_fetched_while_their_links_hold(drive, client, deliver):
    """
    Photo and signature come as images; when the link has ended, the error says so.
    """
    delivery = deliver(dropoff={"verification": [Signature()]})
    wanted = (
        (StopKind.PICKUP, ProofKind.PHOTO),
        (StopKind.DROPOFF, ProofKind.PHOTO),
        (StopKind.DROPOFF, ProofKind.SIGNATURE),
    )
    proofs = [client.proof(delivery.id, *one) for one in wanted]
    drive.clock.step(3600)

    assert ["image/png"] * 3 == [proof.media_type for proof in proofs]
    assert 3 == len({proof.content for proof in proofs})
    with pytest.raises(e.ProofGoneError):
        client.proof(delivery.id, *wanted[0])


def test_no_proof_before_anything_was_collected(client, make_request):
    """
    A delivery that is under way has none, and that is no error.
    """
    delivery = client.dispatch(make_request())

    assert client.proof(delivery.id, StopKind.DROPOFF, ProofKind.PHOTO) is None


def test_pin_that_doordash_makes_is_read_back(drive, client, make_request):
    """
    The PIN that the recipient must say stands at the dropoff, as DoorDash told it.
    """
    pin = Pin(source=PinSource.CARRIER)
    delivery = client.dispatch(make_request(dropoff={"verification": [pin]}))
    told = client.track(delivery.id).stops[1].pin

    assert told == delivery.raw["dropoff_pin_code_verification_metadata"]["pin_code_value"]
    assert told.isdigit()


def test_delivery_that_is_not_known_is_not_found(client):
    """
    Each of these asks for a delivery, and says when there is none.
    """
    nobody = DeliveryId("doordash", client.account, "nobody")
    for call in (
        lambda: client.assignments(nobody),
        lambda: client.redeliver(nobody, "D-1763", 2),
        lambda: client.proof(nobody, StopKind.DROPOFF, ProofKind.PHOTO),
        lambda: client.rate_courier(nobody, "1", Rating(opinion=Opinion.GOOD)),
    ):
        with pytest.raises(e.DeliveryNotFoundError):
            call()
