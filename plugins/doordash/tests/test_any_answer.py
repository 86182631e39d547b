"""
Whatever comes back, every operation ends in a value or in an error of the tree.
"""

from __future__ import annotations

import json

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.errors import DoorstepError, InvalidAnswerError, ProviderError
from doorstep.http import TransportError
from doorstep_doordash._wire import Answer

pytestmark = pytest.mark.once

NAMES = (
    "quote",
    "create",
    "price_first",
    "track",
    "find",
    "update",
    "set_tip",
    "cancel",
    "refund",
)
BODIES = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b'{"code": 7, "reason": [], "message": null}',
    b'{"code": "duplicate_delivery_id", "message": "m"}',
    b'{"code": "cancel_not_allowed", "reason": "delivery_cancelled", "message": "m"}',
    b'{"code": "invalid_delivery_parameters", "reason": {}, "field_errors": "x"}',
    b'{"code": "already_refunded", "message": 7}',
    b'{"external_delivery_id": "D-1763", "delivery_status": "created"}',
    b'{"external_delivery_id": "D-1763", "delivery_status": "quote", "fee": 1, "currency": "USD"}',
    b'{"status": "full_refund"}',
    b"<html><body>Sign in to the network</body></html>",
    b'{"truncated": ',
    b"\xff\xfe\x00",
    b"[" * 2_000,
)


def _finish(flow, *script):
    """
    Drive *flow*; the last reply answers all that follows.
    """
    replies = list(script)
    next(flow)
    for _ in range(10):
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        try:
            flow.send(reply)
        except StopIteration as end:
            return end.value
    msg = "the flow does not end"
    raise AssertionError(msg)


def _ends_well(flow, *script):
    try:
        _finish(flow, *script)
        raised = None
    except DoorstepError as error:
        raised = error
    assert raised is None or (isinstance(raised, ProviderError) and len(str(raised)) < 500)


@pytest.mark.parametrize("name", NAMES)
def test_every_status_with_every_body_ends_well(operations, answer, name):
    """
    Each status from 100 to 599 with each body, once and after a good start.
    """
    good = answer({"external_delivery_id": "D-1763", "delivery_status": "confirmed"})
    for body in BODIES:
        for status in range(100, 600):
            odd = answer(body, status, repeated=status % 2 == 0)
            _ends_well(operations[name](), odd)
            if status in (200, 400, 404, 409, 422, 500):
                _ends_well(operations[name](), odd, good)
                _ends_well(operations[name](), good, odd)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sent", [False, True])
def test_transport_errors_pass_through(operations, name, sent):
    """
    No answer is the driver's to explain: nothing is caught, nothing more is asked.
    """
    flow = operations[name]()
    next(flow)
    lost = TransportError("reset", sent=sent)

    with pytest.raises(TransportError) as caught:
        flow.throw(lost)

    assert lost is caught.value


@pytest.mark.parametrize("name", NAMES)
def test_closing_a_flow_asks_nothing(operations, name):
    """
    A flow that is given up yields no more.
    """
    flow = operations[name]()
    next(flow)
    flow.close()

    assert flow.gi_frame is None


@given(
    status=st.integers(100, 599),
    body=st.one_of(
        st.binary(max_size=80),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["code", "reason", "message", "field_errors", "field", "error"])
                    | st.text(max_size=5),
                    inner,
                    max_size=5,
                )
            ),
        ).map(lambda value: json.dumps(value).encode()),
    ),
    name=st.sampled_from(NAMES),
)
def test_any_body_ends_well(operations, answer, status, body, name):
    """
    Whatever JSON or bytes come, with whatever in the places of codes.
    """
    _ends_well(operations[name](), answer(body, status))


FIELDS = [field.name for field in attrs.fields(Answer)]
WRONG = ["12", 19.99, True, None, {}, [], 0, -1, 2**31, 2**63, "", [None]]


@pytest.fixture(name="sample", scope="module")
def _sample(recorded):
    body = recorded("get_sample")["response"]["body"]
    newer = recorded("get_returned")["response"]["body"]
    return {name: value for name, value in {**newer, **body}.items() if name in FIELDS}


def test_sample_has_every_field(sample):
    """
    The wrong values below are tried on every field that the plugin reads.
    """
    assert set(FIELDS) == set(sample)


@pytest.mark.parametrize("field", FIELDS)
def test_f044_wrong_type_is_a_value_or_names_its_path(
    provider, delivery_id, ctx, run, answer, sample, field
):
    """
    A value of another type in any field is refused by its path, or does no harm.
    """
    for wrong in WRONG:
        body = {**sample, field: wrong}
        try:
            delivery = run(provider.track(delivery_id, ctx), answer(body)).value
        except InvalidAnswerError as error:
            assert f"$.{field}" in str(error)  # noqa: PT017  either way is good
            assert error.params["path"].startswith(f"$.{field}")  # noqa: PT017  as above
        else:
            assert delivery.raw.as_dict() == body


@pytest.mark.parametrize("wrong", ["12", 19.99, True, {}, [], 2**31])
@pytest.mark.parametrize("field", ["fee", "tip", "order_value", "tax"])
def test_f044_wrong_money_is_always_refused(
    provider, delivery_id, ctx, run, answer, sample, field, wrong
):
    """
    Money is a whole number of 32 bits and nothing that could be read as one.
    """
    with pytest.raises(InvalidAnswerError):
        run(provider.track(delivery_id, ctx), answer({**sample, field: wrong}))


@pytest.mark.parametrize("field", FIELDS)
def test_f043_missing_field_is_not_told(provider, delivery_id, ctx, run, answer, sample, field):
    """
    All but the id and the status may be absent, or null.
    """
    absent = {name: value for name, value in sample.items() if name != field}
    for body in (absent, {**sample, field: None}):
        if field in ("external_delivery_id", "delivery_status"):
            with pytest.raises(InvalidAnswerError):
                run(provider.track(delivery_id, ctx), answer(body))
        else:
            run(provider.track(delivery_id, ctx), answer(body))


@pytest.mark.parametrize(
    "wrong",
    [
        "2018-08-22",
        "2018-08-22T17:20:28",
        "2018-W34-3T17:20:28Z",
        "2018-08-22T17:20:60Z",
        "2018-08-22T24:00:00Z",
        "2018-08-22T17:20:28+25:00",
        "yesterday",
    ],
)
def test_f046_time_without_an_offset_is_refused(
    provider, delivery_id, ctx, run, answer, sample, wrong
):
    """
    Only RFC 3339 with an offset is a time.
    """
    with pytest.raises(InvalidAnswerError) as caught:
        run(provider.track(delivery_id, ctx), answer({**sample, "updated_at": wrong}))

    assert "$.updated_at" == caught.value.params["path"]
