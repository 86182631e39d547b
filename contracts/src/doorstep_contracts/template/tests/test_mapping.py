"""
What the contract cannot know: how this carrier's words translate.
"""

from __future__ import annotations

import pytest
from doorstep_acme._mapping import STATUSES
from doorstep_acme._provider import AcmeProvider
from doorstep_acme._settings import AcmeSettings

from doorstep.errors import InvalidAnswerError, NotCancellableError
from doorstep.models import DeliveryId, Status
from doorstep.secret import Secret
from doorstep_contracts.flows import answer, context, run

PROVIDER = AcmeProvider("default", AcmeSettings(api_key=Secret("key")))
DELIVERY = DeliveryId("acme", "default", "order-118")


@pytest.mark.parametrize(("word", "status"), STATUSES.items())
def test_each_state_has_its_status(word: str, status: Status) -> None:
    """
    Each of the carrier's words is the status that its documents mean.
    """
    told = answer(200, {"id": "order-118", "state": word})
    read = run(PROVIDER.track(DELIVERY, context()), told)

    assert (read.value.status, read.value.raw_status) == (status, word)


def test_another_job_is_not_believed() -> None:
    """
    An answer about another job is no answer.
    """
    with pytest.raises(InvalidAnswerError):
        run(PROVIDER.track(DELIVERY, context()), answer(200, {"id": "another", "state": "new"}))


def test_too_late_to_cancel_is_told_with_its_reason() -> None:
    """
    The carrier's 409 is NotCancellableError, after a look that it is not cancelled.
    """
    refused = answer(409, {"code": "too_late"})
    riding = answer(200, {"id": "order-118", "state": "riding"})
    with pytest.raises(NotCancellableError) as raised:
        run(PROVIDER.cancel(DELIVERY, None, context()), refused, riding)

    assert raised.value.params["reason"] == "too_late"
