"""
Refunds at the counter: the words for the reasons, and a decision to be shown.

Whoever asks for money back selects a reason, and is shown the whole decision, also
what the carrier left out. Both come as plain data, for a page, a terminal or JSON::

    for reason in refund_reasons("fr"):
        print(reason.key, reason.label, reason.text)

    for label, value in decision_lines(decision, refund_texts("fr")):
        print(label, value)

To translate, make another :class:`RefundTexts`: its tables are keyed by the members
of :class:`~doorstep.models.RefundReason` and :class:`~doorstep.models.RefundStatus`.
"""

from doorstep.refunds._show import decision_lines, refund_reasons, refund_texts
from doorstep.refunds._texts import DecisionField, ReasonText, RefundTexts

__all__ = [
    "DecisionField",
    "ReasonText",
    "RefundTexts",
    "decision_lines",
    "refund_reasons",
    "refund_texts",
]
