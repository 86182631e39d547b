"""
Observers: they see the shape of everything, the contents of nothing, and break nothing.
"""

from __future__ import annotations

import logging
import pickle
import time

import attrs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.errors import OutcomeUnknownError
from doorstep.http import Call, Request, TransportError, drive, path
from doorstep.http._redact import MASK, _known, redact_body, redact_headers
from doorstep.outcome import Effect, Outcome, Repeat


class Watching:
    """
    Keep what is told.
    """

    def __init__(self) -> None:
        self.exchanges = []
        self.summaries = []

    def on_exchange(self, exchange):
        self.exchanges.append(exchange)

    def on_call(self, summary):
        self.summaries.append(summary)


def dispatching(canary):
    """
    A request that holds the canary wherever one can.
    """
    answer = yield Request(
        "POST",
        path("/deliveries/{id}", id=canary),
        query=(("key", canary),),
        headers={"X-Key": canary, "Content-Type": "application/json"},
        body=orjson.dumps({"status": "new", "phone": canary, "stops": [{"name": canary}]}),
        effect=Effect.BOOKS,
        repeat=Repeat.SAME_EFFECT,
    )
    return answer


def test_exchange_shows_the_shape_and_the_public_fields(kit):
    """
    Method, route, status, sizes and times; keys, and the values that are public.
    """
    watching = Watching()
    reply = kit.response(
        201, b'{"status": "created", "id": 7}', content_type="application/json", x_id=kit.CANARY
    )
    session = kit.session(reply, observers=[watching])
    kit.run(dispatching(kit.CANARY), session)

    [seen] = watching.exchanges
    assert ("acme", "main", "dispatch", 1) == (
        seen.provider,
        seen.account,
        seen.operation,
        seen.attempt,
    )
    assert ("POST", "/deliveries/{id}", 201, None, True) == (
        seen.method,
        seen.route,
        seen.status,
        seen.error,
        seen.sent,
    )
    assert {"status": "new", "phone": MASK, "stops": [{"name": MASK}]} == seen.request_body
    assert {"status": "created", "id": MASK} == seen.response_body
    assert {"x-key": MASK, "content-type": "application/json"} == seen.request_headers
    assert {"x-id": MASK, "content-type": "application/json"} == seen.response_headers
    assert 30 == seen.response_size


def test_f111_exchange_holds_nothing_else(kit):
    """
    However it is opened: no value, no id, no query, no credential.
    """
    watching = Watching()
    body = orjson.dumps({"a": kit.CANARY, kit.CANARY + "0000": 1, "list": [kit.CANARY]})
    reply = kit.response(201, body, set_cookie=kit.CANARY, authorization=kit.CANARY)
    session = kit.session(reply, observers=[watching])
    kit.run(dispatching(kit.CANARY), session)

    for seen in (*watching.exchanges, *watching.summaries):
        opened = repr(seen) + repr(attrs.asdict(seen)) + repr(pickle.dumps(seen))
        assert kit.CANARY not in opened


def test_every_attempt_is_seen_with_its_failure(kit):
    """
    A repeat is an exchange of its own.
    """
    watching = Watching()
    faults = [TransportError("connect", sent=False), TransportError("reset", sent=True), 200]
    session = kit.session(*faults, observers=[watching])
    kit.run(dispatching(kit.CANARY), session)

    assert [(1, "connect", False, None), (2, "reset", True, None), (3, None, True, 200)] == [
        (each.attempt, each.error, each.sent, each.status) for each in watching.exchanges
    ]


def test_summary_says_how_the_call_ended(kit):
    """
    One for each call, with the outcome and the error's code.
    """
    watching = Watching()
    session = kit.session(201, TransportError("reset", sent=True), observers=[watching])
    kit.run(kit.asking(Effect.BOOKS, Repeat.NEVER), session)
    with pytest.raises(OutcomeUnknownError):
        kit.run(kit.asking(Effect.BOOKS, Repeat.NEVER), session)

    assert [
        (Outcome.CREATED, None, 1, False),
        (Outcome.UNKNOWN, "outcome_unknown", 1, False),
    ] == [(each.outcome, each.error, each.attempts, each.cancelled) for each in watching.summaries]


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt(), SystemExit(3)])
def test_summary_of_an_interrupt_has_no_code_of_its_own(interrupt, kit):
    """
    The code of SystemExit is not an error's code.
    """
    watching = Watching()
    session = kit.session(interrupt, observers=[watching])
    with pytest.raises(type(interrupt)):
        kit.run(kit.asking(), session)

    assert ["interrupted"] == [each.error for each in watching.summaries]


class Raising(Watching):
    """
    Fail at everything.
    """

    name = "acme-metrics"

    def on_exchange(self, exchange):
        raise RuntimeError("canary")

    on_call = on_exchange


def test_f121_observer_that_raises_is_reported_once_and_breaks_nothing(kit, caplog):
    """
    Metrics that fail do not fail a dispatch, and the others are still told.
    """
    watching = Watching()
    session = kit.session(observers=[Raising(), watching])
    with caplog.at_level(logging.WARNING, "doorstep"):
        for _ in range(3):
            assert 200 == kit.run(kit.asking(), session).status

    assert 3 == len(watching.exchanges) == len(watching.summaries)
    assert ["observer acme-metrics raised RuntimeError; calls are not affected"] == caplog.messages


def test_f120_slow_observer_is_reported_with_its_time(kit, caplog):
    """
    Whoever makes every call wait is named.
    """

    class Slow(Watching):
        def on_call(self, summary):
            time.sleep(0.06)

    session = kit.session(observers=[Slow()])
    with caplog.at_level(logging.WARNING, "doorstep"):
        for _ in range(2):
            kit.run(kit.asking(), session)

    [message] = caplog.messages
    assert "Slow took " in message
    assert 60 <= float(message.split("took ")[1].split(" ms")[0]) < 500


class Spoiling(Watching):
    """
    Change whatever can be changed.
    """

    def on_exchange(self, exchange):
        exchange.request_headers.clear()
        exchange.request_body["stops"][0]["name"] = exchange.request_body["phone"] = "spoilt"
        exchange.response_body.clear()
        exchange.status = 500


def test_f121_observer_that_changes_what_it_sees_spoils_nothing(kit, caplog):
    """
    An observer that alters an exchange alters its own copy; the next one sees what happened.
    """
    watching, alone = Watching(), Watching()
    for observers in ([alone], [Spoiling(), watching]):
        reply = kit.response(201, b'{"id": 7}')
        kit.run(dispatching(kit.CANARY), kit.session(reply, observers=observers))

    [seen], [expected] = watching.exchanges, alone.exchanges
    assert (expected.request_headers, expected.request_body, expected.response_body, 201) == (
        seen.request_headers,
        seen.request_body,
        seen.response_body,
        seen.status,
    )
    assert "FrozenInstanceError" in caplog.text


def test_nothing_is_redacted_for_nobody(kit, monkeypatch):
    """
    Without observers a call does not pay for them.
    """

    def fail(*_):
        raise AssertionError

    monkeypatch.setattr("doorstep.http._session.redact_body", fail)

    assert 200 == kit.run(kit.asking(), kit.session()).status


LEAF = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20)
TREE = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=20,
)


def leaves(value, shown=False):
    """
    Yield every scalar of *value*, and whether its key is public.
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, key == "status")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, shown)
    else:
        yield value, shown


@given(TREE)
def test_f111_redaction_keeps_the_shape_and_no_value(tree):
    """
    As many leaves as before, each of them masked or nothing.
    """
    redacted = redact_body(orjson.dumps(tree), frozenset())

    assert len(list(leaves(tree))) == len(list(leaves(redacted)))
    assert {leaf for leaf, _ in leaves(redacted)} <= {MASK, None}


@given(TREE)
def test_redaction_shows_what_is_public(tree):
    """
    The value of a public key is as it was, in a list as well.
    """
    tree = {"status": tree, "other": tree}
    redacted = redact_body(orjson.dumps(tree), frozenset({"status"}))

    shown = [leaf for leaf, public in leaves(tree) if public]
    assert shown == [leaf for leaf, public in leaves(redacted) if public]


@given(st.dictionaries(st.from_regex(r"\+?[0-9]{5,15}", fullmatch=True), LEAF, max_size=5))
def test_f111_keys_that_are_data_are_masked_and_kept_apart(numbers):
    """
    An object keyed by phone numbers shows how many there are.
    """
    redacted = redact_body(orjson.dumps(numbers), frozenset())
    redacted = redacted or {}

    assert len(numbers) == len(redacted)
    assert not set(numbers) & set(redacted)


@pytest.mark.parametrize(
    "key", ["Ada Lovelace", "1 Ferry Building", "ada@x.example", "Zoë", "a" * 65]
)
def test_f111_key_that_is_no_word_is_masked(key):
    """
    A name, a street or an address of mail is no name of a field, whatever it stands for.
    """
    redacted = redact_body(orjson.dumps({"names": {key: "x", "status": 1}}), frozenset())

    assert {"names": {"(key 1)": MASK, "status": MASK}} == redacted


@pytest.mark.parametrize("body", [None, b"", b"not json", b"\xff", b"<html>", b"NaN"])
def test_body_that_is_no_json_is_not_shown(body):
    """
    Nobody knows what it holds.
    """
    assert redact_body(body, frozenset()) is None


def test_deep_body_is_cut_off():
    """
    Depth costs no stack.
    """
    deep = b'{"a":' * 900 + b"1" + b"}" * 900
    shown = repr(redact_body(deep, frozenset()))

    assert 32 == shown.count("'a'")


@pytest.mark.parametrize(
    "name", ["Authorization", "cookie", "SET-COOKIE", "Proxy-Authorization", "X-Api-Key"]
)
def test_f111_credentials_are_not_shown_whoever_calls_them_public(name):
    """
    A plugin's mistake does not publish its token.
    """
    assert {} == redact_headers({name: "canary"}, frozenset({name, name.lower()}))


def test_call_id_is_made_when_nobody_gave_one(kit):
    """
    Every call can be told from every other.
    """
    ids = {Call("quote").call_id for _ in range(100)}

    assert 100 == len(ids)
    assert "mine" == Call("quote", call_id="mine").call_id
    assert 200 == drive(kit.asking(), kit.session(), Call("quote")).status


def test_interrupt_while_an_observer_is_told_says_what_was_booked(kit):
    """
    The booking stands when Ctrl-C comes while somebody is told of it.
    """

    class Slow:
        def on_exchange(self, exchange):
            pass

        def on_call(self, summary):
            raise KeyboardInterrupt

    def book():
        yield Request("POST", "/book")

    call = Call("dispatch", deadline_s=5)
    with pytest.raises(KeyboardInterrupt) as interrupted:
        drive(book(), kit.session(200, observers=[Slow()]), call)

    assert Outcome.CREATED is interrupted.value.outcome


def test_what_is_no_name_of_a_field_is_not_remembered():
    """
    Names of fields are remembered for speed; a key that may be a phone number is not.
    """
    public = frozenset({"status", "only-here"})

    redact_body(orjson.dumps({"+16505550123": 1, "status": "x", "note": "y"}), public)

    assert {"status": True, "note": False} == _known(public)
