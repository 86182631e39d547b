"""
Registering businesses and stores with DoorDash.

Source:
    Drive API 0.2.5, "Create Business" to "Update Store", for the fields, the pattern of
    the ids, the length of a description and the statuses; 2.1.59 for the paths and
    for what a store may depend on (HTTP 424).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from doorstep.codec import decode
from doorstep.errors import FieldProblem, ValidationError
from doorstep.http import Flow, Path, Request, Response, path
from doorstep.models import (
    Address,
    Business,
    BusinessChanges,
    BusinessStatus,
    NewBusiness,
    NewStore,
    Store,
    StoreChanges,
    StoreStatus,
)
from doorstep.provider import Context, Onboarding, Page
from doorstep_doordash._doors import same_door
from doorstep_doordash._errors import answered, refusal
from doorstep_doordash._onboarding_answers import to_business, to_store
from doorstep_doordash._onboarding_wire import (
    BUSINESS,
    BUSINESSES,
    STORE,
    STORES,
    BusinessAnswer,
    BusinessBody,
    BusinessList,
    StoreAnswer,
    StoreBody,
    StoreList,
)
from doorstep_doordash._phones import canonical_phone, existing_phone
from doorstep_doordash._places import one_line
from doorstep_doordash._registered import Entry, check_named
from doorstep_doordash._wire import BUSINESS_ID

__all__ = ["OnboardingFlows"]

_LONGEST_DESCRIPTION: Final = 100
#: DoorDash's own, which every account has.
_RESERVED: Final = "default"


class OnboardingFlows:
    """
    The flows of businesses and stores. Ids are the caller's.
    """

    __slots__ = ()

    def create_business(self, business: NewBusiness, ctx: Context) -> Flow[Business]:
        """
        Register a business; one that is there already, and the same, is returned.

        Raises:
            doorstep.errors.DuplicateError:
                One with another name or description has the id.
        """
        problems = [
            *_id_problems("business", business.id),
            *_business_problems("business", business),
        ]
        _refuse(problems)
        body = BusinessBody(
            external_business_id=business.id,
            name=business.name,
            description=business.description,
            activation_status=business.status,
        )

        def same(found: Business) -> bool:
            return _agree(found.name, business.name) and _agree(
                found.description, business.description
            )

        entry = _business_entry(business.id)
        return (yield from entry.create(path(BUSINESSES), body, "create_business", same))

    def list_businesses(
        self, status: BusinessStatus | None, page: str | None, ctx: Context
    ) -> Flow[Page[Business]]:
        """
        Read one page of the businesses, all or those in *status*.
        """
        response = yield from _list(path(BUSINESSES), status, page, "list_businesses")
        answer, raw = decode(response.body, BusinessList, http_status=response.status)
        found = map(to_business, answer.result, raw["result"])
        return Page(entries=tuple(found), next=answer.continuation_token or None)

    def get_business(self, business: str, ctx: Context) -> Flow[Business]:
        """
        Read a business.
        """
        return (yield from _business_entry(business).get("get_business"))

    def update_business(
        self, business: str, changes: BusinessChanges, ctx: Context
    ) -> Flow[Business]:
        """
        Change a business; what is None stays as it is.
        """
        _refuse(_business_problems("changes", changes))
        body = BusinessBody(
            name=changes.name, description=changes.description, activation_status=changes.status
        )
        return (yield from _business_entry(business).update(body, "update_business"))

    def create_store(self, business: str, store: NewStore, ctx: Context) -> Flow[Store]:
        """
        Register a store; one that is there already, and the same, is returned.

        Raises:
            doorstep.errors.DuplicateError:
                One with another name, door or phone has the id.

            doorstep.errors.ValidationError:
                Also if the business lacks something first, which ``fields`` names.
        """
        body = _store_body("store", store, store.id)

        def same(found: Store) -> bool:
            return (
                _agree(found.name, store.name)
                and (not found.address or same_door(found.address, body.address or ""))
                and (not found.phone or not store.phone or _same_phone(found.phone, store.phone))
            )

        route = path(STORES, external_business_id=business)
        entry = _store_entry(business, store.id)
        return (yield from entry.create(route, body, "create_store", same))

    def list_stores(
        self, business: str, status: StoreStatus | None, page: str | None, ctx: Context
    ) -> Flow[Page[Store]]:
        """
        Read one page of the stores of a business, all or those in *status*.
        """
        route = path(STORES, external_business_id=business)
        response = yield from _list(route, status, page, "list_stores")
        answer, raw = decode(response.body, StoreList, http_status=response.status)
        for index, told in enumerate(answer.result):
            field = f"$.result[{index}].external_business_id"
            check_named(told.external_business_id or business, business, field, response)
        found = [to_store(*one, business) for one in zip(answer.result, raw["result"], strict=True)]
        return Page(entries=found, next=answer.continuation_token or None)

    def get_store(self, business: str, store: str, ctx: Context) -> Flow[Store]:
        """
        Read a store.
        """
        return (yield from _store_entry(business, store).get("get_store"))

    def update_store(
        self, business: str, store: str, changes: StoreChanges, ctx: Context
    ) -> Flow[Store]:
        """
        Change a store; what is None stays as it is.
        """
        body = _store_body("changes", changes)
        return (yield from _store_entry(business, store).update(body, "update_store"))


def _business_entry(business: str) -> Entry[Business]:
    def read(response: Response) -> Business:
        answer, raw = decode(response.body, BusinessAnswer, http_status=response.status)
        check_named(answer.external_business_id, business, "$.external_business_id", response)
        return to_business(answer, raw)

    route = path(BUSINESS, external_business_id=business)
    return Entry(id=business, id_field="external_business_id", route=route, read=read)


def _store_entry(business: str, store: str) -> Entry[Store]:
    def read(response: Response) -> Store:
        answer, raw = decode(response.body, StoreAnswer, http_status=response.status)
        check_named(answer.external_store_id, store, "$.external_store_id", response)
        told = answer.external_business_id or business
        check_named(told, business, "$.external_business_id", response)
        return to_store(answer, raw, business)

    route = path(STORE, external_business_id=business, external_store_id=store)
    return Entry(id=store, id_field="external_store_id", route=route, read=read)


def _list(
    route: Path, status: BusinessStatus | StoreStatus | None, page: str | None, operation: str
) -> Flow[Response]:
    """
    Ask for a page.

    Source:
        Drive API 0.2.5: of all that DoorDash names, these two parameters alone are
        written with capitals.
    """
    if status in (BusinessStatus.UNKNOWN, StoreStatus.UNKNOWN):
        _refuse([FieldProblem("status", "must be one that DoorDash knows")])
    asked = (("activationStatus", status), ("continuationToken", page))
    query = tuple((name, str(value)) for name, value in asked if value is not None)
    response = yield Request("GET", route, query=query)
    if not answered(response):
        raise refusal(response, operation)
    return response


def _store_body(
    path: str, store: NewStore | StoreChanges, store_id: str | None = None
) -> StoreBody:
    """
    Return the body that creates or changes a store.

    Raises:
        doorstep.errors.ValidationError:
            DoorDash is certain to refuse it.
    """
    address = _line(store.address)
    phone = existing_phone(store.phone) if store.phone else None
    problems = [] if store_id is None else list(_id_problems(path, store_id))
    if store.address is not None and address is None:
        problems.append(FieldProblem(f"{path}.address", "needs one_line, or lines with locality"))
    if store.phone and phone is None:
        problem = "must be a phone number that exists, with its country code"
        problems.append(FieldProblem(f"{path}.phone", problem))
    _refuse(problems)
    return StoreBody(
        external_store_id=store_id, name=store.name, phone_number=phone, address=address
    )


def _line(address: Address | None) -> str | None:
    return None if address is None else one_line(address)


def _id_problems(path: str, value: str) -> Iterator[FieldProblem]:
    if not BUSINESS_ID.fullmatch(value):
        yield FieldProblem(f"{path}.id", "must be 3 to 64 letters, digits, _ or -")
    elif value == _RESERVED:
        yield FieldProblem(f"{path}.id", f"must not be {_RESERVED!r}, which is DoorDash's own")


def _business_problems(
    path: str, business: NewBusiness | BusinessChanges
) -> Iterator[FieldProblem]:
    if len(business.description or "") > _LONGEST_DESCRIPTION:
        problem = f"must have {_LONGEST_DESCRIPTION} characters at most"
        yield FieldProblem(f"{path}.description", problem)
    if business.status is BusinessStatus.UNKNOWN:
        yield FieldProblem(f"{path}.status", "must be one that DoorDash knows")


def _refuse(problems: Iterator[FieldProblem] | list[FieldProblem]) -> None:
    found = list(problems)
    if found:
        raise ValidationError("would break rules of this carrier", fields=found)


def _agree(theirs: str | None, ours: str | None) -> bool:
    """
    Whether a text can be ours: what either side leaves open is not held against it.
    """
    return theirs is None or ours is None or theirs.split() == ours.split()


def _same_phone(theirs: str, ours: str) -> bool:
    return canonical_phone(theirs) == canonical_phone(ours)


_: type[Onboarding] = OnboardingFlows
