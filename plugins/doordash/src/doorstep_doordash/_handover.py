"""
What is done at the door: signature, ID check, photo, PIN; and for which goods.

Where the generations of Drive differ: a signature that is required goes out as
``dropoff_requires_signature``, which both have and which can be updated; whatever
0.2.5 cannot say goes out as ``dropoff_options``, which cannot.

Source:
    Drive API 0.2.5; 2.1.59 for ``dropoff_options``, the PIN codes and
    ``order_contains`` beside alcohol.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import attrs

from doorstep.models import (
    IdCheck,
    Photo,
    Pin,
    PinSource,
    Signature,
    Stop,
    Verification,
)
from doorstep_doordash._extension import DoorDashExtension
from doorstep_doordash._parts import Part, unsupported
from doorstep_doordash._wire import CALLERS_PIN, DropoffOptions, OrderContains, PinCode

__all__ = ["changed_verification", "contents", "handover"]

_PATH: Final = "dropoff.verification"
_FOUR_DIGITS: Final = re.compile(r"[0-9]{4}")
_PIN_TYPES: Final = {
    PinSource.CARRIER: "random_number",
    PinSource.PHONE: "customer_phone_number",
    PinSource.CALLER: CALLERS_PIN,
}


def handover(stop: Stop, extension: DoorDashExtension) -> Iterator[Part]:
    """
    Yield what a new delivery says of the door.

    Raises:
        doorstep.errors.UnsupportedError:
            It asks for what Drive cannot express.
    """
    checks = _by_kind(stop.verification)
    repeated = len(checks) < len(stop.verification)
    yield Part("", None, _PATH, "has two checks of one kind" if repeated else None)
    signature, pin = checks.get(Signature), checks.get(Pin)
    if isinstance(signature, Signature) and signature.required:
        yield Part("dropoff_requires_signature", True)
    yield from _options(checks, extension)
    if isinstance(pin, Pin):
        yield from _pin(pin, stop.contactless is True)
    if extension.return_pin is not None:
        yield Part("return_pin_code_verification_metadata", _pin_code(extension.return_pin))


def changed_verification(verification: tuple[Verification, ...] | None) -> Iterator[Part]:
    """
    Yield what an update says of the door: whether a signature is required.

    Raises:
        doorstep.errors.UnsupportedError:
            It asks for another check; DoorDash fixes those at the dispatch.
    """
    if verification is None:
        return
    checks = _by_kind(verification)
    signature = checks.pop(Signature, None)
    for kind in checks:
        name = _NAMES[kind]
        raise unsupported(f"{_PATH}.{name}", f"cannot change {name} after the dispatch")
    if isinstance(signature, Signature) and not signature.required:
        what = "cannot change whether a signature is preferred"
        raise unsupported(f"{_PATH}.signature.required", what)
    yield Part("dropoff_requires_signature", signature is not None)


def contents(extension: DoorDashExtension) -> Part:
    """
    Return what is told of the goods.
    """
    kinds = [field.name for field in attrs.fields(OrderContains)]
    told = OrderContains(**{kind: getattr(extension, f"contains_{kind}") for kind in kinds})
    return Part("order_contains", None if told == OrderContains() else told)


_NAMES: Final = {Signature: "signature", IdCheck: "id_check", Photo: "photo", Pin: "pin"}


def _by_kind(verification: tuple[Verification, ...]) -> dict[type, Verification]:
    """
    Return the checks by their kind.

    Raises:
        doorstep.errors.UnsupportedError:
            One is finer than anything that Drive has.
    """
    for one in verification:
        if type(one) not in _NAMES:
            raise unsupported(f"{_PATH}.barcode", "cannot scan codes at the dropoff")
        if isinstance(one, Signature) and (one.name or one.relation):
            what = "can only ask for a signature of anybody who is there"
            raise unsupported(f"{_PATH}.signature", what)
        if isinstance(one, IdCheck) and one.min_age is not None:
            what = "takes no least age: what is told of the goods decides it"
            raise unsupported(f"{_PATH}.id_check.min_age", what)
        if isinstance(one, Photo) and not one.required:
            what = "no longer takes a photo that is only preferred"
            raise unsupported(f"{_PATH}.photo.required", what)
    return {type(one): one for one in verification}


def _options(checks: dict[type, Verification], extension: DoorDashExtension) -> Iterator[Part]:
    problem = None
    signature, id_check = checks.get(Signature), checks.get(IdCheck)
    wished = isinstance(signature, Signature) and not signature.required
    if Photo in checks and Pin in checks:
        problem = "has a photo and a PIN, of which DoorDash takes one"
    proof = "photo_required" if Photo in checks else "pin_code" if Pin in checks else None
    checked = _preference(id_check) if isinstance(id_check, IdCheck) else None
    if extension.contains_alcohol or extension.contains_age_restricted_pharmacy_items:
        if checked == "preferred":
            problem = "must require the ID check: there are goods of restricted age"
        checked = "required"
    setup = extension.catering_setup
    options = DropoffOptions(
        signature="preferred" if wished else None,
        id_verification=checked,
        proof_of_delivery=proof,
        catering_setup=None if setup is None else "required" if setup else "none",
    )
    yield Part("dropoff_options", None if options == DropoffOptions() else options, _PATH, problem)


def _preference(check: IdCheck) -> str:
    return "required" if check.required else "preferred"


def _pin(pin: Pin, contactless: bool) -> Iterator[Part]:
    problem = None
    if contactless:
        problem = "has a PIN, which needs somebody at the door: it cannot be contactless"
    elif pin.source is PinSource.CALLER and not _FOUR_DIGITS.fullmatch(pin.value or ""):
        problem = "has a PIN of yours, which must have four digits"
    elif pin.source is not PinSource.CALLER and pin.value is not None:
        problem = "has a PIN that is not yours with a value"
    yield Part("dropoff_pin_code_verification_metadata", _pin_code(pin), _PATH, problem)


def _pin_code(pin: Pin) -> PinCode:
    return PinCode(pin_code_type=_PIN_TYPES[pin.source], pin_code_value=pin.value)
