"""
What can go wrong between a shop and the fake carrier, when a test wants it to.
"""

from __future__ import annotations

from collections.abc import Callable

from doorstep.errors import FieldProblem, RateLimitedError, RequestRejectedError, ValidationError
from doorstep.http import Response, TransportError
from doorstep.testing._messages import Refusal, knows

__all__ = ["Mishaps", "invalid"]

_Act = Callable[[], Response]


class Mishaps:
    """
    What the next requests meet with, each once.
    """

    def __init__(self) -> None:
        self._next: list[Callable[[_Act], Response]] = []

    def lose_next_answer(self) -> None:
        """
        Do what the next request asks, and let its answer be lost.
        """

        def lose(act: _Act) -> Response:
            act()
            raise TransportError("reset", sent=True)

        self._next.append(lose)

    def refuse_connection(self) -> None:
        """
        Let the next request find nobody: nothing is sent, nothing is done.
        """

        def refuse(act: _Act) -> Response:
            raise TransportError("connect", sent=False)

        self._next.append(refuse)

    def pass_next(self) -> None:
        """
        Let the next request through, before what is said after this.
        """
        self._next.append(lambda act: act())

    def refuse_next(
        self,
        error: type[RequestRejectedError],
        reason: str | None = None,
        *,
        retry_after_s: float | None = None,
    ) -> None:
        """
        Refuse the next request, so that the client raises *error*.

        Args:
            error:
                A refusal of ``doorstep.errors``. What is none has a method of its
                own: :meth:`lose_next_answer`, :meth:`refuse_connection`.

            reason:
                The carrier's word for why: the error's ``params["reason"]``.

            retry_after_s:
                With ``RateLimitedError``: seconds to wait.

        Raises:
            doorstep.errors.ValidationError:
                That is no refusal, or it does not go with *retry_after_s*.
        """
        if not (isinstance(error, type) and issubclass(error, RequestRejectedError)):
            raise invalid("error", "must be a RequestRejectedError or a class below it")
        if not knows(error):
            raise invalid("error", "must be a class of doorstep.errors")
        if retry_after_s is not None and not issubclass(error, RateLimitedError):
            raise invalid("retry_after_s", "goes with RateLimitedError alone")

        def refuse(act: _Act) -> Response:
            # Never 429, which the driver would wait for and repeat.
            raise Refusal(422, error.code, reason=reason, retry_after_s=retry_after_s)

        self._next.append(refuse)

    def _met(self, act: _Act) -> Response:
        """
        Return what comes of *act*, or of what was to go wrong with it.
        """
        return self._next.pop(0)(act) if self._next else act()


def invalid(name: str, rule: str) -> ValidationError:
    """
    Return the error for an argument of a test's.
    """
    return ValidationError("fake carrier was asked wrongly", fields=(FieldProblem(name, rule),))
