"""
Refunds at the counter: words for every reason, and a decision shown whole.
"""

from __future__ import annotations

import attrs
import pytest

from doorstep.errors import ValidationError
from doorstep.models import Money, RefundDecision, RefundReason, RefundStatus
from doorstep.refunds import (
    DecisionField,
    RefundTexts,
    decision_lines,
    refund_reasons,
    refund_texts,
)

ENGLISH, FRENCH, SPANISH = map(refund_texts, ("en", "fr", "es"))
GRANTED = RefundDecision(
    status=RefundStatus.PARTIAL,
    reason=RefundReason.DELIVERED_LATE,
    raw_status="some_back",
    code="late",
    message="Sorry.",
    order_value=Money(1000, "USD"),
    tip=Money(0, "USD"),
    delivery_fee=Money(975, "USD"),
    total=Money(1975, "USD"),
)


@pytest.mark.parametrize("texts", [ENGLISH, FRENCH, SPANISH], ids=lambda one: one.language)
def test_every_member_has_words_of_its_own(texts):
    """
    No reason, status or field shares its words with another, and none has a gap.
    """
    reasons = refund_reasons(texts)
    words = [one.label for one in reasons] + [one.text for one in reasons]
    words += [*texts.statuses.values(), *texts.fields.values()]

    assert list(RefundReason) == [one.reason for one in reasons]
    assert len(words) == len(set(words))
    assert all(one.strip() and "TODO" not in one for one in words)


def test_keys_are_stable():
    """
    A form may post the key, and a translator's table may be kept by it.
    """
    assert [one.value for one in RefundReason] == [one.key for one in refund_reasons()]


@pytest.mark.parametrize(
    ("tag", "texts"),
    [
        ("en", ENGLISH),
        ("fr", FRENCH),
        ("fr-CA", FRENCH),
        ("ES_us", SPANISH),
        ("de", ENGLISH),
        ("", ENGLISH),
    ],
)
def test_language_is_found_by_its_tag(tag, texts):
    """
    The region does not matter; what is not there is English.
    """
    assert texts is refund_texts(tag)


@pytest.mark.parametrize(
    ("table", "member"),
    [
        ("reasons", RefundReason.NEVER_DELIVERED),
        ("statuses", RefundStatus.DENIED),
        ("fields", DecisionField.TIP),
    ],
)
def test_translation_with_a_gap_is_refused(table, member):
    """
    A page would fail only once somebody chose what is missing.
    """
    held = dict(getattr(ENGLISH, table))
    del held[member]
    with pytest.raises(ValidationError) as caught:
        attrs.evolve(ENGLISH, **{table: held})

    assert f"lacks {member.name}" in str(caught.value.fields[0])


def test_own_translation_is_used():
    """
    A shop brings its own words.
    """
    dutch = RefundTexts(
        language="nl",
        reasons={one: (f"{one} nl", f"{one} is waar") for one in RefundReason},
        statuses={one: f"{one} nl" for one in RefundStatus},
        fields={one: f"{one} nl" for one in DecisionField},
        not_told="niet gezegd",
    )

    assert "tip nl" in dict(decision_lines(GRANTED, dutch))
    assert "missing_main is waar" in [one.text for one in refund_reasons(dutch)]


def test_decision_is_shown_whole():
    """
    Status, code, message and each amount, in this order.
    """
    assert [
        ("decision", "partial refund"),
        ("reason", "Order Delivered Late"),
        ("carrier's status", "some_back"),
        ("code", "late"),
        ("message", "Sorry."),
        ("order value back", "10.00 USD"),
        ("tip back", "0.00 USD"),
        ("delivery fee back", "9.75 USD"),
        ("back in all", "19.75 USD"),
    ] == decision_lines(GRANTED)


def test_what_was_not_told_is_named_so():
    """
    A refusal has no amounts: that is not nothing, and not zero.
    """
    shown = decision_lines(RefundDecision(status=RefundStatus.DENIED, code="rejected"), FRENCH)

    assert len(DecisionField) == len(shown)
    assert ("décision", "refusé") == shown[0]
    assert 7 == [value for _, value in shown].count("non communiqué")


def test_every_field_of_a_decision_is_shown():
    """
    A field that a decision gets later cannot be forgotten.
    """
    fields = {one.name for one in attrs.fields(RefundDecision)} - {"raw"}

    assert fields == {one.value for one in DecisionField}


@pytest.mark.parametrize("currency", ["JPY", "KWD"])
def test_amounts_have_the_decimals_of_their_currency(currency):
    """
    No other is guessed.
    """
    shown = dict(decision_lines(attrs.evolve(GRANTED, tip=Money(1500, currency))))

    assert {"JPY": "1500 JPY", "KWD": "1.500 KWD"}[currency] == shown["tip back"]
