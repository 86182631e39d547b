"""
The routes for businesses and stores, under ``/developer/v1/businesses``.

Source:
    Drive API 0.2.5 for the fields, patterns and enums; 2.1.59 for the paths, the
    refusals and ``client_email``. The pattern of the ids in the paths is that of the
    bodies' ids: both documents leave it blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from doorstep_doordash.simulator._auth import Gate
from doorstep_doordash.simulator._businesses import DEFAULT, Businesses
from doorstep_doordash.simulator._checks import Check, one_of, phone, record, text, text_or_number
from doorstep_doordash.simulator._parts import said
from doorstep_doordash.simulator._refused import FieldError, RefusedError, authorization, validation
from doorstep_doordash.simulator._rules import check_fields, read_object

__all__ = ["OnboardingPart"]

_BUSINESSES: Final = "/developer/v1/businesses"
_STORES: Final = f"{_BUSINESSES}/<business>/stores"
_RULES: Final = (
    Rule(_BUSINESSES, methods=["POST"], endpoint="create_business"),
    Rule(_BUSINESSES, methods=["GET"], endpoint="list_businesses"),
    Rule(f"{_BUSINESSES}/<business>", methods=["GET"], endpoint="get_business"),
    Rule(f"{_BUSINESSES}/<business>", methods=["PATCH"], endpoint="update_business"),
    Rule(_STORES, methods=["POST"], endpoint="create_store"),
    Rule(_STORES, methods=["GET"], endpoint="list_stores"),
    Rule(f"{_STORES}/<store>", methods=["GET"], endpoint="get_store"),
    Rule(f"{_STORES}/<store>", methods=["PATCH"], endpoint="update_store"),
)

_PATTERN: Final = r"[A-Za-z0-9_-]{3,64}"
_ID: Final = text(pattern=_PATTERN)
_LABEL: Final = text(shortest=1)
_BUSINESS_STATUS: Final = one_of(
    "initiated",
    "pending_external_activation",
    "pending_legal_agreement",
    "abandoned",
    "failed",
    "active",
    "inactive",
)
_STORE_STATUS: Final = one_of("active", "inactive")


def _new_id(value: Any) -> Iterator[FieldError]:
    yield from _ID(value)
    if value == DEFAULT:
        yield "", f"{DEFAULT} is reserved"


_BUSINESS: Final[dict[str, Check]] = {
    "name": _LABEL,
    "description": text(shortest=1, longest=100),
    "activation_status": _BUSINESS_STATUS,
    "external_metadata": record(
        {
            # A number in 0.2.5's sample, a string in 2.1.59's.
            "number_of_stores": text_or_number,
            "client_phone_number": phone,
            "client_email": text(),
        }
    ),
}
_STORE: Final[dict[str, Check]] = {"name": _LABEL, "phone_number": phone, "address": _LABEL}
_NEW_BUSINESS: Final[dict[str, Check]] = {"external_business_id": _new_id, **_BUSINESS}
_NEW_STORE: Final[dict[str, Check]] = {"external_store_id": _new_id, **_STORE}

#: What each operation's body may hold, and must.
_BODIES: Final[dict[str, tuple[dict[str, Check], tuple[str, ...]]]] = {
    "create_business": (_NEW_BUSINESS, ("external_business_id", "name")),
    "update_business": (_BUSINESS, ()),
    "create_store": (_NEW_STORE, ("external_store_id", "name", "address")),
    "update_store": (_STORE, ()),
}


class OnboardingPart:
    """
    Answer for the account's businesses and stores.

    Args:
        businesses:
            The businesses and stores.

        gate:
            Who is let in.
    """

    def __init__(self, businesses: Businesses, gate: Gate) -> None:
        self._businesses = businesses
        self._gate = gate

    def rules(self) -> Sequence[Rule]:
        """
        Return the routes: create, list, get and update, of businesses and of stores.
        """
        return _RULES

    def answer(self, operation: str, arguments: Mapping[str, str], request: Request) -> Response:
        """
        Check who asks and what, then do it.
        """
        self._gate.check(request)
        business, store = arguments.get("business", ""), arguments.get("store", "")
        try:
            return said(200, self._do(operation, business, store, request))
        except RefusedError as refused:
            # An id that was registered by hand may have any form, so this comes last.
            if refused.status == 404:
                _check_path(arguments)
            raise

    def _do(self, operation: str, business: str, store: str, request: Request) -> dict[str, Any]:
        if business.startswith("forbidden-"):
            raise authorization()
        if operation.startswith("list_"):
            return self._list(operation, business, request)
        if operation == "get_business":
            return self._businesses.get(business)
        if operation == "get_store":
            return self._businesses.get_store(business, store)
        body = _body(operation, request.get_data())
        if operation == "create_business":
            return self._businesses.create(body)
        if operation == "update_business":
            return self._businesses.update(business, body)
        if operation == "create_store":
            return self._businesses.create_store(business, body)
        return self._businesses.update_store(business, store, body)

    def _list(self, operation: str, business: str, request: Request) -> dict[str, Any]:
        status, token = request.args.get("activationStatus"), request.args.get("continuationToken")
        check = _BUSINESS_STATUS if operation == "list_businesses" else _STORE_STATUS
        if status is not None:
            check_fields({"activationStatus": status}, record({"activationStatus": check}))
        if operation == "list_businesses":
            return self._businesses.list(status, token)
        return self._businesses.list_stores(business, status, token)


def _body(operation: str, data: bytes) -> dict[str, Any]:
    """
    Return what is known of the body; unknown fields are let pass and forgotten.
    """
    fields, required = _BODIES[operation]
    body = read_object(data)
    check_fields(body, record(fields, required))
    if str(body.get("external_business_id", "")).startswith("forbidden-"):
        raise authorization()
    return {name: body[name] for name in fields if name in body}


def _check_path(arguments: Mapping[str, str]) -> None:
    errors = [
        (f"external_{kind}_id", f"is not an external {kind} ID")
        for kind, name in arguments.items()
        if re.fullmatch(_PATTERN, name) is None
    ]
    if errors:
        raise validation(errors)
