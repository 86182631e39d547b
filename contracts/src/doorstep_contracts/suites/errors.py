"""
What errors promise: typed, true, and silent about people and secrets.
"""

from __future__ import annotations

import pytest

from doorstep.errors import (
    AuthenticationError,
    CarrierInternalError,
    DoorstepError,
    InvalidAnswerError,
    OutcomeUnknownError,
    ProviderError,
    RateLimitedError,
    UnclassifiedCarrierError,
)
from doorstep.http import Response
from doorstep_contracts.case import Case
from doorstep_contracts.effort import Effort
from doorstep_contracts.flows import answer, run
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._bodies import BODIES
from doorstep_contracts.suites._contract import Contract
from doorstep_contracts.tapes import Start, operations_of

__all__ = ["ErrorsContract"]


class ErrorsContract(Contract):
    """
    Whatever a carrier answers, the caller hears something that can be acted on.
    """

    @promise("any", "any answer is a value or a typed error")
    @pytest.mark.parametrize("hundred", [2, 3, 4, 5])
    def test_any_answer_ends_in_a_value_or_a_typed_error(
        self, case: Case, hundred: int, effort: Effort
    ) -> None:
        """
        Whatever a carrier answers, a flow returns a value or raises our error.

        If this fails: a KeyError, TypeError or AttributeError escaped; decode in
        _wire.py, classify in _errors.py.
        """
        for name, start in operations_of(case).items():
            for status in effort.statuses(hundred):
                for body in BODIES:
                    raised = _raised_by(start, answer(status, body))
                    good = raised is None or isinstance(raised, DoorstepError)
                    assert good, f"{name} raised {raised!r} after {status} {body!r}"

    @promise("any", "5xx is the carrier's failure")
    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_trouble_is_told_as_trouble(self, case: Case, status: int) -> None:
        """
        A 5xx is no value and no refusal, whatever its body.

        If this fails: raise CarrierInternalError, in _errors.py.
        """
        for name, start in operations_of(case).items():
            with pytest.raises(DoorstepError) as raised:
                run(start(), answer(status, b"{}"))
            kinds = (
                CarrierInternalError,
                InvalidAnswerError,
                OutcomeUnknownError,
                UnclassifiedCarrierError,
            )
            assert isinstance(raised.value, kinds), f"{name} told {raised.value.code}"

    @promise("any", "401 and 429 have names")
    @pytest.mark.parametrize(
        ("status", "kind"), [(401, AuthenticationError), (429, RateLimitedError)]
    )
    def test_refused_credentials_and_too_many_requests_are_told(
        self, case: Case, status: int, kind: type[ProviderError]
    ) -> None:
        """
        A 401 is an AuthenticationError and a 429 a RateLimitedError, without any body.

        If this fails: classify by the status what no code classifies, in _errors.py.
        """
        for start in operations_of(case).values():
            with pytest.raises(kind):
                run(start(), answer(status, b""))


def _raised_by(start: Start, response: Response) -> Exception | None:
    try:
        run(start(), response)
    except Exception as error:  # noqa: BLE001  whatever escapes is what is looked for
        return error
    return None
