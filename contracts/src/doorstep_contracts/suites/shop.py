"""
What is promised of the shop's side: its catalog, and the businesses it is registered as.
"""

from __future__ import annotations

import pytest

from doorstep.errors import DuplicateError, ProviderError, RequestRejectedError
from doorstep.http import Flow
from doorstep.models import (
    Address,
    Availability,
    Business,
    BusinessChanges,
    Closing,
    ItemOutcome,
    NewBusiness,
    NewStore,
)
from doorstep.provider import Onboarding, Page
from doorstep_contracts.case import Case, Shelf
from doorstep_contracts.flows import answer, context
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._contract import Contract, supplied

__all__ = ["CatalogContract", "OnboardingContract"]

_NOBODY = "nobody-knows-this-1"


class CatalogContract(Contract):
    """
    A store and what it has, on the carrier's marketplace. One more fixture:
    ``catalog_shelf``, a :class:`~doorstep_contracts.case.Shelf` of what the server knows.
    """

    @pytest.fixture
    def shelf(self, request: pytest.FixtureRequest) -> Shelf:
        """
        A store, items and options that the carrier knows.
        """
        found = supplied(request, "catalog_shelf")
        if found is None:
            pytest.skip("no shelf: supply the fixture `catalog_shelf`")
        assert isinstance(found, Shelf)
        return found

    @promise("close_store", "is closed until opened", claims="catalog.close_reasons", carrier=True)
    def test_closed_store_is_closed_until_it_is_opened(self, case: Case, shelf: Shelf) -> None:
        """
        A store that was closed is told as closed, with its reason and when it opens by
        itself; opened, it is open. Twice is once.

        If this fails: map the answers of both calls, in _catalog.py.
        """
        can = case.can.catalog
        assert can is not None
        closing = Closing(reason=min(can.close_reasons))
        with case.client() as client:
            client.catalog.close_store(shelf.store, closing)
            closed = client.catalog.close_store(shelf.store, closing)
            read = client.catalog.read_store(shelf.store) if can.read_store else closed
            opened = client.catalog.open_store(shelf.store)

        assert (closed.open, read.open is True, opened.open) == (False, False, True)
        assert closed.reopens_by_carrier == (can.closes_for_s is not None)

    @promise("set_items", "the truth about each", claims="catalog.items", carrier=True)
    def test_each_item_has_its_own_result(self, case: Case, shelf: Shelf) -> None:
        """
        An unknown item among known ones is NOT_FOUND, and the others are APPLIED.

        If this fails: read the results of the carrier's partial success, in _catalog.py.
        """
        wishes = [Availability(id=one, available=False) for one in (*shelf.items, _NOBODY)]
        with case.client() as client:
            results = client.catalog.set_items(shelf.store, wishes)

        assert set(shelf.items) == set(results.ids(ItemOutcome.APPLIED))
        assert results.ids(ItemOutcome.NOT_FOUND) == (_NOBODY,)

    @promise("set_options", "the truth about each", claims="catalog.options", carrier=True)
    def test_each_option_has_its_own_result(self, case: Case, shelf: Shelf) -> None:
        """
        An unknown option among known ones is NOT_FOUND, and the others are APPLIED.

        If this fails: read the results of the carrier's partial success, in _catalog.py.
        """
        wishes = [Availability(id=one, available=False) for one in (*shelf.options, _NOBODY)]
        with case.client() as client:
            results = client.catalog.set_options(shelf.store, wishes)

        assert set(shelf.options) == set(results.ids(ItemOutcome.APPLIED))
        assert results.ids(ItemOutcome.NOT_FOUND) == (_NOBODY,)

    @promise("read_store", "unknown stores are told", claims="catalog.read_store", carrier=True)
    def test_unknown_store_is_told(self, case: Case) -> None:
        """
        A store that the carrier does not know is refused, by every call.

        If this fails: map the carrier's 404, in _errors.py.
        """
        with case.client() as client, pytest.raises(RequestRejectedError):
            client.catalog.read_store(_NOBODY)


class OnboardingContract(Contract):
    """
    Businesses and their stores.
    """

    @promise("create_business", "is there afterwards", claims="onboarding", carrier=True)
    def test_business_is_there_after_it_was_made(self, case: Case) -> None:
        """
        What was registered can be read, is in the list once, and can be changed.

        If this fails: map the carrier's business, in _onboarding.py or _mapping.py.
        """
        with case.client() as client:
            shops = client.onboarding
            made = shops.create_business(NewBusiness(id="contract-deli", name="Deli"))
            read = shops.get_business("contract-deli")
            listed = [one.id for one in shops.businesses()]
            changed = shops.update_business("contract-deli", BusinessChanges(name="Deli 2"))

        assert made.id == read.id == changed.id == "contract-deli"
        assert (read.name, changed.name) == ("Deli", "Deli 2")
        assert listed.count("contract-deli") == 1

    @promise("create_business", "twice is once", claims="onboarding", carrier=True)
    def test_registering_twice_is_registering_once(self, case: Case) -> None:
        """
        The same business again is returned; a different one under its id is a
        DuplicateError.

        If this fails: read the business back after the refusal, in _onboarding.py.
        """
        with case.client() as client:
            shops = client.onboarding
            once = shops.create_business(NewBusiness(id="contract-deli", name="Deli"))
            twice = shops.create_business(NewBusiness(id="contract-deli", name="Deli"))
            with pytest.raises(DuplicateError):
                shops.create_business(NewBusiness(id="contract-deli", name="Another"))

        assert once.id == twice.id

    @promise("create_store", "is there afterwards", claims="onboarding", carrier=True)
    def test_store_is_there_after_it_was_made(self, case: Case) -> None:
        """
        A store belongs to its business, can be read and is in its list once.

        If this fails: map the carrier's store, in _onboarding.py or _mapping.py.
        """
        where = case.request.pickup.address
        address = where if where.one_line else Address(one_line="1 Market Street")
        phone = case.request.pickup.contact.phone
        with case.client() as client:
            shops = client.onboarding
            shops.create_business(NewBusiness(id="contract-deli", name="Deli"))
            store = NewStore(id="contract-1", name="Deli One", address=address, phone=phone)
            made = shops.create_store("contract-deli", store)
            read = shops.get_store("contract-deli", "contract-1")
            listed = [one.id for one in shops.stores("contract-deli")]

        assert (made.id, made.business) == (read.id, read.business)
        assert (read.id, read.business) == ("contract-1", "contract-deli")
        assert listed.count("contract-1") == 1

    @promise("list_businesses", "one page is one flow", claims="onboarding")
    def test_list_asks_once(self, case: Case) -> None:
        """
        A flow reads one page, whatever the carrier says of further ones: the core goes
        on, and stops where a list turns in circles.

        If this fails: return Page(entries, next=token), in _onboarding.py; no loop.
        """
        provider = case.provider
        assert isinstance(provider, Onboarding)
        flow: Flow[Page[Business]] = provider.list_businesses(None, None, context())
        next(flow)
        with pytest.raises((StopIteration, ProviderError)):
            flow.send(answer(200, _ENDLESS))


#: A page of nothing that names a next one, in the words that carriers use for it.
_ENDLESS = {
    **{key: [] for key in ("result", "results", "data", "items", "entries", "businesses")},
    **dict.fromkeys(("continuation_token", "next", "next_page", "cursor", "token"), "again"),
    "result_count": 0,
}
