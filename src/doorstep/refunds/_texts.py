"""
What the words of one language are.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import attrs

from doorstep.errors import FieldProblem, ValidationError
from doorstep.models import RefundReason, RefundStatus


class DecisionField(StrEnum):
    """
    What is shown of a decision, in this order.
    """

    #: Our word for the decision.
    STATUS = "status"
    REASON = "reason"
    #: The decision in the carrier's word.
    RAW_STATUS = "raw_status"
    CODE = "code"
    MESSAGE = "message"
    ORDER_VALUE = "order_value"
    TIP = "tip"
    DELIVERY_FEE = "delivery_fee"
    TOTAL = "total"


@attrs.frozen(kw_only=True)
class ReasonText:
    """
    A reason to select.

    Args:
        key:
            The reason's value: stable, for a form and for a translator's table.

        label:
            A few words for a list.

        text:
            When it is the right one.

    .. versionadded:: 0.2.0
    """

    reason: RefundReason
    label: str
    text: str

    @property
    def key(self) -> str:
        """
        The value of the reason.
        """
        return self.reason.value


def _frozen(table: Mapping[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(dict(table))


def _complete(kind: type[StrEnum]) -> Any:
    def check(texts: Any, attribute: attrs.Attribute[Any], table: Mapping[Any, Any]) -> None:
        missing = [one.name for one in kind if one not in table]
        if missing:
            problem = FieldProblem(f"RefundTexts.{attribute.name}", f"lacks {', '.join(missing)}")
            raise ValidationError("RefundTexts is not valid", fields=(problem,))

    return check


@attrs.frozen(kw_only=True)
class RefundTexts:
    """
    The words of one language. A table that lacks a member is refused.

    Args:
        language:
            The tag of the language: ``en``.

        reasons:
            For each reason its label and the sentence that explains it.

        statuses:
            For each status its words.

        fields:
            For each field of a decision its label.

        not_told:
            Stands for what the carrier did not say.

    .. versionadded:: 0.2.0
    """

    language: str
    reasons: Mapping[RefundReason, tuple[str, str]] = attrs.field(
        converter=_frozen, validator=_complete(RefundReason)
    )
    statuses: Mapping[RefundStatus, str] = attrs.field(
        converter=_frozen, validator=_complete(RefundStatus)
    )
    fields: Mapping[DecisionField, str] = attrs.field(
        converter=_frozen, validator=_complete(DecisionField)
    )
    not_told: str
