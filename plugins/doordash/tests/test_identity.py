"""
DoorDash's one id, made from a reference and a revision, and the token of a quote.
"""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.errors import QuoteMismatchError
from doorstep_doordash._identity import QuoteToken, external_id, reference_of
from doorstep_doordash._wire import Body

# Few letters and many dots, so that ids are likely to meet.
references = st.from_regex(r"\A[a9][a.129~_-]{0,7}\Z")
revisions = st.one_of(st.integers(1, 3), st.integers(1, 999))


@pytest.mark.parametrize(
    ("reference", "revision", "expected"),
    [
        ("order", 1, "order"),
        ("order", 2, "order.2"),
        ("order.2", 1, "order.2.1"),
        ("order.2", 2, "order.2.2"),
        ("order.1", 1, "order.1.1"),
        ("v1.2024", 1, "v1.2024"),
        ("v1.02", 1, "v1.02"),
        ("7", 1, "7"),
    ],
)
def test_revision_makes_the_id(reference, revision, expected):
    """
    The first revision is the reference itself, unless it ends like a revision.
    """
    assert expected == external_id(reference, revision)
    assert (reference, revision) == reference_of(expected)


@given(references, revisions, references, revisions)
def test_two_deliveries_never_share_an_id(reference, revision, other, others_revision):
    """
    Different references or revisions have different ids, whatever dots they hold.
    """
    same = (reference, revision) == (other, others_revision)

    assert same == (external_id(reference, revision) == external_id(other, others_revision))


@given(references, revisions)
def test_id_reads_back(reference, revision):
    """
    The id tells its reference and revision.
    """
    assert (reference, revision) == reference_of(external_id(reference, revision))


@pytest.mark.parametrize("foreign", ["order.1", ".2.1.1x.1"])
def test_foreign_id_has_no_reference(foreign):
    """
    An id that is never made here names no reference of ours.
    """
    assert reference_of(foreign) is None


BODY = Body(external_delivery_id="a", dropoff_address="1 Main St", tip=500)


@pytest.mark.parametrize(
    ("field", "value", "same"),
    [
        ("tip", None, True),
        ("tip", 501, True),
        ("dropoff_address", "2 Main St", False),
        ("order_value", 1, False),
        ("contactless_dropoff", False, False),
    ],
)
def test_digest_covers_all_but_the_tip(field, value, same):
    """
    Whatever differs but the tip makes another quote.
    """
    other = attrs.evolve(BODY, **{field: value})

    assert same == (QuoteToken.of(BODY).digest == QuoteToken.of(other).digest)


def test_token_reads_back():
    """
    A token survives being stored.
    """
    token = QuoteToken.of(BODY)

    assert token == QuoteToken.loads(token.dumps())


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{}",
        "[]",
        "7",
        "no json",
        '{"v":2,"delivery":"a","digest":"b","tip":null}',
        '{"v":1,"delivery":"a"}',
        '{"v":1,"delivery":"a","digest":"b","tip":"5"}',
        '{"v":1,"delivery":"a","digest":"b","more":1}',
    ],
)
def test_foreign_token_is_a_mismatch(text):
    """
    A token of another plugin or version is refused, not guessed at.
    """
    with pytest.raises(QuoteMismatchError):
        QuoteToken.loads(text)
