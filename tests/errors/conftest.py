"""
Every error class, and one error of each.
"""

from __future__ import annotations

import pytest

from doorstep import errors
from doorstep.errors import DoorstepError, FieldProblem, ProviderError
from doorstep.outcome import Outcome, Retry


def error_classes() -> list[type[DoorstepError]]:
    """
    Return every class that derives from DoorstepError and is public.
    """
    public = (getattr(errors, name) for name in errors.__all__)
    return [one for one in public if isinstance(one, type) and issubclass(one, DoorstepError)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """
    Run a test that asks for ``error_class`` once for each of them.
    """
    if "error_class" in metafunc.fixturenames:
        metafunc.parametrize("error_class", error_classes(), ids=lambda one: one.__name__)


@pytest.fixture(name="full")
def _full(error_class: type[DoorstepError]) -> DoorstepError:
    """
    Return an error of the class with everything filled in.
    """
    more: dict[str, object] = {}
    if issubclass(error_class, ProviderError):
        more = {
            "http_status": 409,
            "raw_code": "too_late",
            "raw_reason": "picked_up",
            "fields": [FieldProblem("dropoff.contact.phone", "must be E.164")],
            "request_id": "r-1",
            "reference": "order-118",
            "revision": 2,
        }
    error = error_class(
        "refused, the courier has picked up",
        advice="arrange a return instead",
        booked=Outcome.UNKNOWN,
        retryable=Retry.LATER,
        params={"retry_after_s": 7.0},
        **more,  # type: ignore[arg-type]
    )
    error.locate("acme", "main", "cancel")
    return error
