"""
Every field of every recorded answer, left out and of every wrong kind.

What must come of it is read off the recordings here, not off the plugin: a fact that is
told is the recorded one, or what the carrier literally wrote where that is text, or it is
not told at all. Otherwise the call fails, and names the path.
"""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime
from functools import reduce
from operator import getitem
from pathlib import Path

import pytest

from doorstep.errors import (
    CurrencyMismatchError,
    InvalidAnswerError,
    OutcomeUnknownError,
    ProviderError,
    RequestRejectedError,
    UnclassifiedCarrierError,
    ValidationError,
)
from doorstep.models import Money, RefundStatus, Status
from doorstep.outcome import Outcome

pytestmark = pytest.mark.once

#: What recordings call by the operation of the client, and is one request here.
REQUESTS = {"track": "get", "dispatch": "create"}
#: The operations that are tried; the others have tests of their own.
TRIED = {*REQUESTS, "quote", "update", "cancel", "refund"}


def _read(path):
    """
    Return a recording with the one exchange that was published, and what was asked in it.
    """
    one = json.loads(path.read_text())
    for exchange in one.get("exchanges", ()):
        if not exchange.get("supplied"):
            one.update(exchange)
    operation = REQUESTS.get(one["operation"], one["operation"])
    taken = "quote" in (one["arguments"] or {})
    return {**one, "operation": "accept" if taken else operation}


RECORDINGS = {
    path.stem: _read(path)
    for path in sorted((Path(__file__).parents[2] / "recordings").glob("*.json"))
    if json.loads(path.read_text())["operation"] in TRIED
}
#: What others published; what was made up for the contract has one thing wrong already.
ANSWERED = {
    name: one
    for name, one in RECORDINGS.items()
    if "body" in (one["response"] or {}) and "made up" not in one["source"]
}
REFUSALS = {name: one for name, one in ANSWERED.items() if one["response"]["status"] >= 400}
DENIALS = {name for name, one in REFUSALS.items() if one["operation"] == "refund"}
DELIVERIES = {
    name: one
    for name, one in ANSWERED.items()
    if {"external_delivery_id", "delivery_status"} <= one["response"]["body"].keys()
    and name not in REFUSALS
}
BOOKS = {"create", "accept"}
STATUSES = {
    "quote": Status.DRAFT,
    "created": Status.PENDING,
    "picked_up": Status.PICKED_UP,
    "delivered": Status.DELIVERED,
    "returned": Status.RETURNED,
}
#: One body in several operations: all its fields are tried in one, in these those that count.
AGAIN = {f"{operation}_sample" for operation in ("quote", "accept", "create", "update", "cancel")}

#: As they stand in JSON.
WRONG = [
    '"12"',
    "19.99",
    "true",
    "false",
    "null",
    "{}",
    "[]",
    '""',
    '" 7 "',
    '"\\u0663"',
    "-1",
    str(2**63),
    '"' + "Canary " * 1_500 + '"',
    '{"amount": {"minor": [1900]}}',
]
#: Numbers that are none, whichever field they stand in: the whole answer is refused.
NO_JSON = ["1e400", "NaN", "-Infinity", "9" * 5_000]


def _fact(*path):
    def look(value):
        for name in path:
            if value is None:
                return None
            value = value[name] if isinstance(name, int) else getattr(value, name)
        return value

    return look


#: Where a delivery tells what the carrier wrote, and of which kind that is.
FACTS = {
    "external_delivery_id": ("text", _fact("id", "value")),
    "delivery_status": ("text", _fact("raw_status")),
    "fee": ("money", _fact("price", "total")),
    "tip": ("money", _fact("tip")),
    "tax": ("money", _fact("price", "tax_amount")),
    "updated_at": ("time", _fact("as_of")),
    "tracking_url": ("text", _fact("tracking_url")),
    "support_reference": ("name", _fact("support_ref")),
    "dasher_id": ("name", _fact("courier", "id")),
    "dasher_name": ("text", _fact("courier", "name")),
    "dasher_dropoff_phone_number": ("text", _fact("courier", "phone")),
    "dasher_pickup_phone_number": ("text", _fact("courier", "pickup_phone")),
    "pickup_address": ("text", _fact("stops", 0, "address")),
    "pickup_time_estimated": ("time", _fact("stops", 0, "eta")),
    "pickup_time_actual": ("time", _fact("stops", 0, "done_at")),
    "dropoff_address": ("text", _fact("stops", 1, "address")),
    "dropoff_time_estimated": ("time", _fact("stops", 1, "eta")),
    "dropoff_time_actual": ("time", _fact("stops", 1, "done_at")),
}
AMOUNTS = {
    "order_value_refund": _fact("order_value"),
    "tip_refund": _fact("tip"),
    "delivery_fee_refund": _fact("delivery_fee"),
}


def _true(body, name):
    """
    Return the recorded fact, as a delivery must tell it.
    """
    written, kind = body.get(name), FACTS[name][0]
    if written is None or written == "":
        return None
    if kind == "money":
        return Money(written, body["currency"])
    return datetime.fromisoformat(written) if kind == "time" else str(written)


def _check_facts(delivery, body, changed, path, received_at):
    """
    Compare all facts: those of other fields are told, that of the changed one true or not.
    """
    for name, (kind, look) in FACTS.items():
        true, told = _true(body, name), look(delivery)
        allowed = [true]
        if name == path[0] or (kind == "money" and path[0] in ("currency", "fee")):
            allowed = [true, None]
            written = changed.get(name)
            if kind in ("text", "name") and isinstance(written, str):
                allowed.append(written)
            elif kind == "name" and type(written) is int:
                allowed.append(str(written))
        if name == "updated_at":
            allowed = [received_at if one is None else one for one in allowed]
        assert told in allowed, name
    assert delivery.status in (STATUSES[body["delivery_status"]], Status.UNKNOWN)
    known = changed.get("delivery_status") == body["delivery_status"]
    assert known is (delivery.status is not Status.UNKNOWN)
    assert delivery.courier is None or "None" not in (delivery.courier.vehicle or "")


def _paths(value, path=()):
    """
    Yield the path of every value inside *value*.
    """
    members = value.items() if isinstance(value, dict) else ()
    for key, one in list(enumerate(value)) if isinstance(value, list) else members:
        yield (*path, key)
        yield from _paths(one, (*path, key))


def _tried(name):
    """
    Yield the paths that are tried in a recorded delivery.
    """
    for path in _paths(_body(DELIVERIES[name])):
        if name not in AGAIN or path[0] in {*FACTS, "currency", "order_value"}:
            yield path


def _dotted(path):
    return "$" + "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path)


def _opened(body, path):
    """
    Return a copy of *body*, and what in it holds the end of *path*.
    """
    changed = deepcopy(body)
    return changed, reduce(getitem, path[:-1], changed)


def _without(body, path):
    changed, held = _opened(body, path)
    del held[path[-1]]
    return changed


def _with(body, path, wrong):
    """
    Return *body* as JSON, with *wrong* at *path*.
    """
    changed, held = _opened(body, path)
    held[path[-1]] = "@here@"
    return json.dumps(changed).replace('"@here@"', wrong).encode()


def _body(one):
    """
    Return a recorded body; a sample of a booking says "quote", which no booking does.
    """
    body = one["response"]["body"]
    return {**body, "delivery_status": "created"} if one["operation"] in BOOKS else body


def _check_failed(operation, error, path):
    """
    The call failed: for a booking that is no refusal, and the path is named.
    """
    expected = OutcomeUnknownError if operation in {*BOOKS, "refund"} else InvalidAnswerError
    assert type(error) is expected
    assert error.params["path"] == "$" or error.params["path"].startswith(_dotted(path))
    changes = operation not in ("quote", "get")
    assert changes is (error.booked is Outcome.UNKNOWN)
    assert len(str(error)) < 400
    assert "Canary" not in f"{error} {dict(error.params)}"


@pytest.mark.parametrize("name", DELIVERIES)
def test_f043_field_that_is_missing_is_not_told_or_named(ask, now, name):
    """
    All that an answer may leave out is told as None and the rest as it is; without the id or
    the status (or the price, of a quote) the call fails by that path, a booking as unknown.
    """
    one, body = DELIVERIES[name], _body(DELIVERIES[name])
    operation = one["operation"]
    needed = {("external_delivery_id",), ("delivery_status",)}
    if operation == "quote":
        needed |= {("fee",), ("currency",)}
    for path in _tried(name):
        changed = _without(body, path)
        value, error = ask(one, changed)
        if path in needed:
            _check_failed(operation, error, path)
            assert _dotted(path) == error.params["path"]
            continue
        if operation in BOOKS and path == ("currency",):
            assert (CurrencyMismatchError, Outcome.CREATED) == (type(error), error.booked)
            value = error.delivery
        else:
            assert error is None
        assert changed == value.raw.as_dict()
        if operation == "quote":
            assert Money(body["fee"], body["currency"]) == value.price.total
            continue
        _check_facts(value, body, changed, path, now)
        if path[0] in FACTS and path[0] != "updated_at":
            assert FACTS[path[0]][1](value) is None


@pytest.mark.parametrize("name", DELIVERIES)
def test_f044_field_of_a_wrong_kind_is_never_misread(ask, now, name):
    """
    Twelve wrong values and more in every field: what is told is the truth, or nothing, or the
    call fails by the path; no amount, status or id is ever made of something else.
    """
    one, body = DELIVERIES[name], _body(DELIVERIES[name])
    operation = one["operation"]
    for path in _tried(name):
        for wrong in WRONG:
            sent = _with(body, path, wrong)
            value, error = ask(one, sent)
            if isinstance(error, CurrencyMismatchError):
                assert path == ("currency",)
                assert operation in BOOKS
                assert Outcome.CREATED is error.booked
                assert "Canary" not in f"{error} {dict(error.params)}"
                value = error.delivery
            elif error is not None:
                _check_failed(operation, error, path)
                continue
            changed = json.loads(sent)
            assert "external_delivery_id" != path[0]
            if operation == "quote":
                assert Money(body["fee"], body["currency"]) == value.price.total
            else:
                _check_facts(value, body, changed, path, now)
            assert changed == value.raw.as_dict()


@pytest.mark.parametrize("name", DELIVERIES)
@pytest.mark.parametrize("field", ["fee", "unheard_of"])
@pytest.mark.parametrize("wrong", NO_JSON, ids=["1e400", "NaN", "-Infinity", "5000 digits"])
def test_f044_number_that_is_none_refuses_the_whole_answer(ask, name, field, wrong):
    """
    NaN, infinity and numbers beyond any size are no JSON, in whatever field they stand.
    """
    one = DELIVERIES[name]
    value, error = ask(one, _with({**_body(one), field: None}, (field,), wrong))

    assert value is None
    _check_failed(one["operation"], error, (field,))


@pytest.mark.parametrize("change", ["missing", *WRONG])
def test_f044_granted_refund_is_never_misread(ask, change):
    """
    An amount comes back as recorded, or not at all; a status that is none is unknown; anything
    else leaves the refund unknown, and never denied.
    """
    one = ANSWERED["refund_partial"]
    amounts = {"order_value_refund": 1999, "tip_refund": 500, "delivery_fee_refund": 975}
    body = {**one["response"]["body"], **amounts}
    for path in _paths(body):
        sent = _without(body, path) if change == "missing" else _with(body, path, change)
        decision, error = ask(one, sent)
        if error is not None:
            _check_failed("refund", error, path)
            assert change != "missing" or path == ("status",)
            continue
        for name, look in AMOUNTS.items():
            assert look(decision) == (None if path == (name,) else Money(amounts[name], "USD"))
        assert decision.status is (
            RefundStatus.UNKNOWN if path == ("status",) else RefundStatus.PARTIAL
        )
        assert decision.code in ("doordash_cancelled", None, _text(change))
        assert decision.message in ("string", None, _text(change))


@pytest.mark.parametrize("name", sorted(DENIALS))
@pytest.mark.parametrize("change", ["missing", *WRONG])
def test_f044_denied_refund_is_never_misread(ask, name, change):
    """
    Without its code a denial is none: what was decided is unknown, and nothing is granted.
    """
    one = REFUSALS[name]
    body, status = one["response"]["body"], one["response"]["status"]
    true = ask(one, body, status)[0].status
    for path in _paths(body):
        sent = _without(body, path) if change == "missing" else _with(body, path, change)
        decision, error = ask(one, sent, status)
        if error is not None:
            assert (OutcomeUnknownError, Outcome.UNKNOWN) == (type(error), error.booked)
            assert path == ("code",)
            continue
        assert path != ("code",)
        assert (true, (None, None, None)) == (
            decision.status,
            tuple(look(decision) for look in AMOUNTS.values()),
        )
        assert decision.message in ("string", None, _text(change))


@pytest.mark.parametrize("name", sorted(set(REFUSALS) - DENIALS))
def test_f044_refusal_with_a_wrong_or_missing_field_is_never_a_success(ask, name):
    """
    A refusal stays what it was or becomes less certain, never another; nothing of it is told
    but known words.
    """
    one = REFUSALS[name]
    body, status = one["response"]["body"], one["response"]["status"]
    true = type(ask(one, body, status)[1])
    assert issubclass(true, ProviderError)
    for path in _paths(body):
        variants = [json.dumps(_without(body, path)).encode()]
        for sent in variants + [_with(body, path, wrong) for wrong in WRONG]:
            value, error = ask(one, sent, status)
            assert value is None
            unsure = {UnclassifiedCarrierError, OutcomeUnknownError}
            assert type(error) in {true, *unsure} or (
                type(error) is ValidationError and issubclass(true, RequestRejectedError)
            )
            assert error.delivery is None
            assert error.booked is not Outcome.CREATED
            assert len(str(error)) < 400
            assert "Canary" not in f"{error} {dict(error.params)}"


def _text(change):
    try:
        value = json.loads(change)
    except ValueError:
        return None
    return value if isinstance(value, str) else None
