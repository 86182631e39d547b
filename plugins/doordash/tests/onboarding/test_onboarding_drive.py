"""
Businesses and stores over HTTP, against a Drive server that may page without an end.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest

import doorstep
from doorstep import errors as e
from doorstep.http import Call, HttpPool, TransportError
from doorstep.models import (
    Address,
    BusinessChanges,
    BusinessStatus,
    NewBusiness,
    NewStore,
    StoreChanges,
    StoreRef,
    StoreStatus,
)
from doorstep.outcome import Outcome
from doorstep.testing import ManualClock
from doorstep_doordash.simulator import DriveOptions, DriveServer

DELI = NewBusiness(id="deli", name="Neighborhood Deli", description="Sandwiches and soups.")
AT = Address(one_line="901 Market Street, 6th Floor, San Francisco, CA 94103")
STORE = NewStore(id="deli-10", name="Neighborhood Deli #10", address=AT, phone="+12065551212")
#: What the server's journal calls a list of stores.
LISTED = "/developer/v1/businesses/<business>/stores"


class Losing:
    """
    Pass requests on; lose the answers to those with *methods*, once each.
    """

    def __init__(self, *methods):
        self._pool = HttpPool()
        self.methods = list(methods)

    def send(self, request, base_url, call):
        if request.method in self.methods:
            self.methods.remove(request.method)
            self._pool.send(request, base_url, Call("passed on"))
            raise TransportError("reset", sent=True)
        return self._pool.send(request, base_url, call)

    def close(self):
        self._pool.close()


@pytest.fixture(name="serve")
def _serve():
    """
    Start a Drive server and connect to it; return both.
    """
    with ExitStack() as stack:

        def start(pool=None, settings=None, **options):
            clock = ManualClock()
            manual = DriveOptions(
                courier_walks=False,
                speed=0,
                start=clock.now(),
                real_time=lambda: clock.now().timestamp(),
                **options,
            )
            drive = stack.enter_context(DriveServer(manual))
            known = {**drive.credentials(), **(settings or {})}
            client = doorstep.connect("doordash", **known, clock=clock, pool=pool)
            stack.enter_context(client)
            if pool is not None:
                stack.callback(pool.close)
            return drive, client

        yield start


@pytest.fixture(name="registry")
def _registry(serve):
    return serve()[1].onboarding


def test_business_lives(registry):
    """
    Created, read, changed, found in the list by its status, and no more by another.
    """
    made = registry.create_business(DELI)
    changed = registry.update_business("deli", BusinessChanges(status=BusinessStatus.INACTIVE))

    assert ("deli", BusinessStatus.ACTIVE, True) == (made.id, made.status, made.test)
    assert BusinessStatus.INACTIVE is changed.status is registry.get_business("deli").status
    assert ["deli"] == [one.id for one in registry.businesses(BusinessStatus.INACTIVE)]
    assert ["default"] == [one.id for one in registry.businesses(BusinessStatus.ACTIVE)]
    assert {"default", "deli"} == {one.id for one in registry.businesses()}


@pytest.mark.parametrize("status", [one for one in BusinessStatus if one != "unknown"])
def test_every_status_is_taken_and_told(registry, status):
    """
    All seven of DoorDash's can be said of a business, and are read as they were said.
    """
    made = registry.create_business(
        NewBusiness(id=f"deli-{status.value[:8]}", name="Deli", status=status)
    )

    assert (status, status.value) == (made.status, made.raw_status)
    assert [made.id] == [one.id for one in registry.businesses(status) if one.id.startswith("deli")]


def test_store_lives(registry):
    """
    Created under its business, read, changed, and listed while it is active.
    """
    registry.create_business(DELI)
    made = registry.create_store("deli", STORE)
    changed = registry.update_store("deli", "deli-10", StoreChanges(name="Deli, downtown"))

    assert ("deli-10", "deli", StoreStatus.ACTIVE) == (made.id, made.business, made.status)
    assert "Deli, downtown" == changed.name == registry.get_store("deli", "deli-10").name
    assert ["deli-10"] == [one.id for one in registry.stores("deli", StoreStatus.ACTIVE)]
    assert [] == list(registry.stores("deli", StoreStatus.INACTIVE))


def test_creating_twice_is_creating_once(registry):
    """
    What is there already, and the same, is returned; another under the id is a duplicate.
    """
    business = registry.create_business(DELI)

    assert business == registry.create_business(DELI)
    assert registry.create_store("deli", STORE) == registry.create_store("deli", STORE)
    with pytest.raises(e.DuplicateError) as caught:
        registry.create_business(NewBusiness(id="deli", name="Another"))
    assert ("deli", Outcome.REJECTED) == (caught.value.params["existing_id"], caught.value.booked)
    with pytest.raises(e.DuplicateError):
        registry.create_store("deli", NewStore(id="deli-10", name="Another", address=AT))


@pytest.mark.parametrize("lost", [("POST",), ("POST",) * 2, ("POST",) * 4])
def test_lost_answer_of_a_create_is_looked_up(serve, lost):
    """
    However often the answer is lost, the business is made once and returned.
    """
    _, client = serve(Losing(*lost))

    assert "deli" == client.onboarding.create_business(DELI).id
    assert ["default", "deli"] == [one.id for one in client.onboarding.businesses()]


def test_create_that_nobody_can_tell_of_is_unknown(serve):
    """
    Where the look fails too, the error says that it may have been made, and what to do.
    """
    _, client = serve(Losing(*["POST"] * 4, *["GET"] * 4))

    with pytest.raises(e.CarrierUnavailableError) as caught:
        client.onboarding.create_business(DELI)

    assert Outcome.UNKNOWN is caught.value.booked


def test_what_is_not_known_is_not_found(registry):
    """
    Neither a business nor a store, nor a store of a business that is not.
    """
    registry.create_business(DELI)
    for call in (
        lambda: registry.get_business("nobody"),
        lambda: registry.update_business("nobody", BusinessChanges(name="x")),
        lambda: registry.get_store("deli", "nowhere"),
        lambda: registry.get_store("nobody", "nowhere"),
        lambda: registry.create_store("nobody", STORE),
        lambda: list(registry.stores("nobody")),
    ):
        with pytest.raises(e.AccountNotFoundError):
            call()


def test_store_of_an_inactive_business_names_what_it_needs(registry):
    """
    HTTP 424 says what is to be done first.
    """
    registry.create_business(
        NewBusiness(id="deli", name="Deli", status=BusinessStatus.PENDING_LEGAL_AGREEMENT)
    )
    with pytest.raises(e.ValidationError) as caught:
        registry.create_store("deli", STORE)

    assert [("activation_status", "is needed first")] == [
        (one.path, one.problem) for one in caught.value.fields
    ]
    assert (424, Outcome.REJECTED) == (caught.value.http_status, caught.value.booked)


def _fill(registry, count):
    registry.create_business(DELI)
    wanted = [f"store-{number:02d}" for number in range(count)]
    for one in wanted:
        registry.create_store("deli", NewStore(id=one, name=one, address=AT))
    return wanted


@pytest.mark.parametrize("size", [1, 2, 3, 25])
def test_pages_are_read_to_their_end(serve, size):
    """
    Every entry once and in order, however the carrier cuts its pages.
    """
    _, client = serve(page_size=size)
    wanted = _fill(client.onboarding, 5)

    assert wanted == [one.id for one in client.onboarding.stores("deli")]


@pytest.mark.parametrize("paging", ["stuck", "endless"])
def test_f049_list_that_never_ends_is_an_error_after_what_it_told(serve, paging):
    """
    A token that comes again, or pages without an end: every entry is told once, then an error.
    """
    drive, client = serve(page_size=2, paging=paging)
    wanted = _fill(client.onboarding, 5)
    told = []

    with pytest.raises(e.InvalidAnswerError, match="broke off a list"):
        told.extend(one.id for one in client.onboarding.stores("deli"))

    assert wanted[: len(told)] == told
    assert len(told) >= 4
    assert 1 < drive.journal.count("GET", LISTED) < 50


def test_f049_entry_that_is_listed_twice_is_told_once(serve):
    """
    Pages that begin with the last entry of the page before change nothing.
    """
    _, client = serve(page_size=2, paging="repeats")
    wanted = _fill(client.onboarding, 5)

    assert wanted == [one.id for one in client.onboarding.stores("deli")]


@pytest.mark.parametrize("named", [True, False])
def test_dispatch_from_a_registered_store(serve, make_request, named):
    """
    A store is a pickup by its ids; its business may stand in the settings instead.
    """
    _, client = serve(settings=None if named else {"business_id": "deli"})
    client.onboarding.create_business(DELI)
    store = client.onboarding.create_store("deli", STORE)
    ref = StoreRef(store=store.id, business=store.business if named else None)
    pickup = doorstep.models.Stop(address=Address(store_ref=ref))

    delivery = client.dispatch(make_request(pickup=pickup))

    assert store.address == delivery.stops[0].address
    assert ("deli", "deli-10") == (
        delivery.raw["pickup_external_business_id"],
        delivery.raw["pickup_external_store_id"],
    )
    assert delivery == client.dispatch(make_request(pickup=pickup))


def test_dispatch_from_a_store_that_is_not_there_is_refused(serve, make_request):
    """
    Nothing is booked from a store that nobody registered.
    """
    drive, client = serve()
    ref = StoreRef(store="nowhere", business="nobody")

    with pytest.raises(e.RequestRejectedError):
        client.dispatch(make_request(pickup=doorstep.models.Stop(address=Address(store_ref=ref))))
    assert [] == drive.books()


def test_code_that_awaits_sees_the_same(serve):
    """
    The asynchronous client registers and lists alike.
    """
    drive, _ = serve(page_size=1)

    async def main():
        known = drive.credentials()
        async with doorstep.connect_async("doordash", **known, clock=_clock(drive)) as client:
            await client.onboarding.create_business(DELI)
            await client.onboarding.create_store("deli", STORE)
            return [one.id async for one in client.onboarding.businesses()]

    assert ["default", "deli"] == asyncio.run(main())


def _clock(drive):
    return ManualClock(drive.clock.now())
