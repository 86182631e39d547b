"""
Reasons and decisions, in words.
"""

from __future__ import annotations

from doorstep.models import Money, RefundDecision, RefundReason, RefundStatus
from doorstep.refunds._texts import DecisionField, ReasonText, RefundTexts
from doorstep.refunds._words import ENGLISH, SHIPPED


def refund_texts(language: str = "en") -> RefundTexts:
    """
    Return the words of *language*, a tag like ``fr`` or ``fr-CA``; English for others.
    """
    return SHIPPED.get(language.replace("_", "-").partition("-")[0].lower(), ENGLISH)


def refund_reasons(language: str | RefundTexts = "en") -> tuple[ReasonText, ...]:
    """
    Return every reason with its words, in the order of the enum.

    Args:
        language:
            A tag, see :func:`refund_texts`, or texts of your own.
    """
    texts = refund_texts(language) if isinstance(language, str) else language
    return tuple(
        ReasonText(reason=one, label=texts.reasons[one][0], text=texts.reasons[one][1])
        for one in RefundReason
    )


def decision_lines(
    decision: RefundDecision, texts: RefundTexts | None = None
) -> list[tuple[str, str]]:
    """
    Return all of *decision* as labels and values; what was not told says so.

    The values are plain text, not escaped: ``code`` and ``message`` are the
    carrier's. Amounts read ``9.75 USD`` in every language: nobody guesses where
    the reader is. Format the fields of the decision yourself to have it otherwise.
    """
    words = texts or ENGLISH
    return [(words.fields[one], _shown(decision, one, words)) for one in DecisionField]


def _shown(decision: RefundDecision, field: DecisionField, words: RefundTexts) -> str:
    value: Money | str | None = getattr(decision, field.value)
    if isinstance(value, RefundStatus):
        return words.statuses[value]
    if isinstance(value, RefundReason):
        return words.reasons[value][0]
    return words.not_told if value is None else str(value)
