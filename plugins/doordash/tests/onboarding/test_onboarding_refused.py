"""
How DoorDash refuses what is asked about businesses and stores.
"""

from __future__ import annotations

import pytest

from doorstep import errors as e

OPERATIONS = (
    "get_business",
    "list_businesses",
    "update_business",
    "get_store",
    "list_stores",
    "update_store",
)
REFUSALS = [
    (400, "validation_error", e.ValidationError),
    (401, "authentication_error", e.AuthenticationError),
    (403, "authorization_error", e.AccountForbiddenError),
    (404, "unknown_business_id", e.AccountNotFoundError),
    (404, "unknown_store_id_under_business_id", e.AccountNotFoundError),
    (429, "slow_down", e.RateLimitedError),
    (500, "service_fault", e.CarrierInternalError),
]


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize(("status", "code", "expected"), REFUSALS)
def test_each_status_is_an_error_of_its_own(flows, run, answer, name, status, code, expected):
    """
    What reads or changes asks nothing more; what makes one may look whether it is there.
    """
    with pytest.raises(e.ProviderError) as caught:
        run(flows[name](), answer({"code": code, "message": "m"}, status))

    assert (expected, status, code) == (
        type(caught.value),
        caught.value.http_status,
        caught.value.raw_code,
    )
