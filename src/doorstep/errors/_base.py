"""
The two bases: what every error answers, and what a carrier's error adds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from doorstep.outcome import Outcome, Retry

if TYPE_CHECKING:
    from doorstep.models import Delivery


_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
_LONG_NUMBER = re.compile(r"\d{5}|\d(?:[._-]?\d){6}")


def raw_token(text: object) -> str | None:
    """
    Return a carrier's code as it may stand in an error, or None.

    Codes are machine words. Anything else in their place, prose or a number
    that could be somebody's phone, is replaced, because a carrier may put
    personal data there and errors are logged.
    """
    if not isinstance(text, str) or not text:
        return None
    if _TOKEN.fullmatch(text) and not _LONG_NUMBER.search(text):
        return text
    return "(not a code)"


class FieldProblem:
    """
    One field that is wrong: its path in our words or the carrier's, and the rule.

    Args:
        path:
            Where: ``dropoff.contact.phone``, or the carrier's own field name.

        problem:
            The rule that it breaks. Never the value itself.
    """

    __slots__ = ("path", "problem")

    def __init__(self, path: str, problem: str) -> None:
        self.path = path
        self.problem = problem

    def __repr__(self) -> str:
        return f"FieldProblem({self.path!r}, {self.problem!r})"

    def __str__(self) -> str:
        return f"{self.path} {self.problem}" if self.path else self.problem

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FieldProblem):
            return NotImplemented
        return (self.path, self.problem) == (other.path, other.problem)

    def __hash__(self) -> int:
        return hash((self.path, self.problem))


class DoorstepError(Exception):
    """
    The base of everything doorstep raises.

    Args:
        what:
            What happened, without the provider and operation, which are put in
            front when they become known.

        advice:
            What to do now. Each class has a default.

        booked:
            What is known of the effect; each class has a default.

        params:
            The parts of the message, for a program or a translation.
    """

    #: Stable name of this kind of error.
    code: ClassVar[str] = "error"
    #: May I try again?
    retryable: Retry = Retry.NO
    #: Was anything booked?
    booked: Outcome = Outcome.NOT_SENT
    #: What to do, unless the raiser knows better.
    advice: str = ""

    def __init__(
        self,
        what: str,
        *,
        advice: str | None = None,
        booked: Outcome | None = None,
        retryable: Retry | None = None,
        provider: str | None = None,
        operation: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.provider = provider
        self.operation = operation
        self.account: str | None = None
        self._params: dict[str, Any] = dict(params or {})
        if advice is not None:
            self.advice = advice
        if booked is not None:
            self.booked = booked
        if retryable is not None:
            self.retryable = retryable

    @property
    def params(self) -> Mapping[str, Any]:
        """
        The parts of the message, for a program or a translation.
        """
        return MappingProxyType(self._params)

    @property
    def maybe_booked(self) -> bool:
        """
        Whether something was, or may have been, booked.
        """
        return self.booked in (Outcome.CREATED, Outcome.UNKNOWN)

    def evidence(self) -> str:
        """
        Return what the message gives in parentheses: never personal, never secret.
        """
        return ""

    def locate(self, provider: str, account: str, operation: str) -> None:
        """
        Say where it happened, unless that is known already.
        """
        self.provider = self.provider or provider
        self.account = self.account or account
        self.operation = self.operation or operation

    def __str__(self) -> str:
        where = f"{self.provider}: " if self.provider else ""
        where += f"{self.operation} " if self.operation else ""
        evidence = self.evidence()
        text = f"{where}{self.what}" + (f" ({evidence})" if evidence else "")
        return f"{text}; {self.advice}" if self.advice else text

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__.copy())


def _rebuild(cls: type[DoorstepError], args: tuple[Any, ...], state: dict[str, Any]) -> Any:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ProviderError(DoorstepError):
    """
    The carrier said no, said nothing, or said something unusable.

    Args:
        http_status:
            The status of the answer, if there was one.

        raw_code, raw_reason:
            The carrier's own words for it, if they are machine words.

        fields:
            The fields that are wrong.

        request_id:
            What the carrier's support can find the exchange by.

        reference, revision:
            The caller's id of the request that was under way.

        delivery:
            The delivery, when one was created all the same.
    """

    code = "provider"

    def __init__(
        self,
        what: str,
        *,
        advice: str | None = None,
        booked: Outcome | None = None,
        retryable: Retry | None = None,
        provider: str | None = None,
        operation: str | None = None,
        params: Mapping[str, Any] | None = None,
        http_status: int | None = None,
        raw_code: object = None,
        raw_reason: object = None,
        fields: Sequence[FieldProblem] = (),
        request_id: str | None = None,
        reference: str | None = None,
        revision: int | None = None,
        delivery: Delivery | None = None,
    ) -> None:
        super().__init__(
            what,
            advice=advice,
            booked=booked,
            retryable=retryable,
            provider=provider,
            operation=operation,
            params=params,
        )
        self.http_status = http_status
        self.raw_code = raw_token(raw_code)
        self.raw_reason = raw_token(raw_reason)
        self.fields = tuple(fields)
        self.request_id = request_id
        self.reference = reference
        self.revision = revision
        self.delivery = delivery
        #: The id that the call was about, as text.
        self.delivery_id: str | None = None

    @property
    def params(self) -> Mapping[str, Any]:
        """
        The parts of the message, for a program or a translation.
        """
        known = {
            "http_status": self.http_status,
            "raw_code": self.raw_code,
            "raw_reason": self.raw_reason,
            "request_id": self.request_id,
            "reference": self.reference,
            "revision": self.revision,
            "delivery_id": self.delivery_id,
        }
        params: dict[str, Any] = {name: value for name, value in known.items() if value is not None}
        if self.fields:
            params["fields"] = tuple((field.path, field.problem) for field in self.fields)
        return MappingProxyType(params | self._params)

    def evidence(self) -> str:
        """
        Return status, codes and fields, as far as they are known.
        """
        parts = [str(field) for field in self.fields]
        if self.http_status is not None:
            parts.append(f"HTTP {self.http_status}")
        if self.raw_code:
            parts.append(f"code {self.raw_code!r}")
        if self.raw_reason:
            parts.append(f"reason {self.raw_reason!r}")
        return ", ".join(parts)
