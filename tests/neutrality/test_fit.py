"""
Which promises the carrier makes, seen from the core alone.
"""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest
from tests.neutrality.samples import CONTEXT, DROPOFF, NOW, REQUEST

from doorstep import errors
from doorstep.capabilities import LocationSource, Need, QuoteKind
from doorstep.models import (
    Address,
    CancelReason,
    Changes,
    Money,
    PickupAt,
    StopChanges,
)
from doorstep.provider import Finds, Proofs, Provider, Quotes, Refunds, Tips, Updates
from doorstep.requirements import all_paths, check_cancel, check_changes, check_request
from doorstep.secret import Secret


@pytest.fixture(name="strict")
def _strict(rider):
    """
    Return an account in a country that forbids changes and has another currency.
    """
    return attrs.evolve(rider, account="jp", currency="JPY", updates=False)


@pytest.mark.parametrize(
    ("protocol", "fits"),
    [
        (Provider, True),
        (Quotes, True),
        (Updates, True),
        (Proofs, True),
        (Finds, False),
        (Refunds, False),
        (Tips, False),
    ],
)
def test_carrier_fits_the_protocols_that_it_can_keep(rider, protocol, fits) -> None:
    """
    It can be asked for prices, changes and proofs; not by reference, nor for money.
    """
    assert fits is isinstance(rider, protocol)


def test_capabilities_belong_to_the_account(rider, strict) -> None:
    """
    Two accounts of one carrier differ in what they can change and charge.
    """
    assert {"dropoff.instructions", "order_value"} == rider.capabilities.update_fields
    assert frozenset() == strict.capabilities.update_fields
    assert ({"SGD"}, {"JPY"}) == (rider.capabilities.currencies, strict.capabilities.currencies)


def test_capabilities_name_known_paths_alone(rider) -> None:
    """
    What is declared can be asked for, and what is needed is taken.
    """
    capabilities = rider.capabilities

    assert capabilities.inputs <= all_paths()
    assert capabilities.update_fields <= all_paths()
    assert capabilities.needs <= capabilities.inputs


def test_capabilities_tell_what_a_shop_must_know(rider) -> None:
    """
    A quote only indicates, a cancel needs a reason, the courier is another call away.
    """
    capabilities = rider.capabilities

    assert QuoteKind.INDICATIVE is capabilities.quote
    assert Need.REQUIRED is capabilities.cancel_reason
    assert LocationSource.EXTRA_CALL is capabilities.location
    assert (2700, 604_800) == (capabilities.min_lead_s, capabilities.max_lead_s)


def test_good_request_passes_the_checks(rider) -> None:
    """
    The request of the replay is one that the core lets through.
    """
    check_request(REQUEST, rider.capabilities)
    check_changes(Changes(order_value=Money(1, "SGD")), rider.capabilities)
    check_cancel(CancelReason.MISTAKE, rider.capabilities)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"dropoffs": [DROPOFF, DROPOFF]}, errors.UnsupportedError),
        ({"tip": Money(1, "SGD")}, errors.UnsupportedError),
        ({"order_value": Money(1, "USD")}, errors.UnsupportedError),
        ({"schedule": PickupAt(NOW + timedelta(hours=1))}, errors.UnsupportedError),
        ({"dropoffs": attrs.evolve(DROPOFF, contactless=True)}, errors.UnsupportedError),
        (
            {"dropoffs": attrs.evolve(DROPOFF, address=Address(one_line="1 Main St"))},
            errors.ValidationError,
        ),
    ],
)
def test_what_the_carrier_cannot_do_is_refused_before_it(rider, fields, kind) -> None:
    """
    Several drops, tips, pickup times and addresses without a point end in the core.
    """
    with pytest.raises(kind):
        check_request(attrs.evolve(REQUEST, **fields), rider.capabilities)


def test_country_without_changes_is_refused_before_it(strict) -> None:
    """
    The 405 of such a country is never asked for.
    """
    changes = Changes(dropoff=StopChanges(instructions="ring twice"))

    with pytest.raises(errors.UnsupportedError):
        check_changes(changes, strict.capabilities)


def test_cancel_without_a_reason_is_refused_before_it(rider) -> None:
    """
    The three reasons are named in the refusal.
    """
    with pytest.raises(errors.ValidationError, match="mistake, other, too_slow"):
        check_cancel(None, rider.capabilities)


def test_price_follows_the_account(strict, replay) -> None:
    """
    8.17 yen do not exist: the same body is refused where its currency has no places.
    """
    with pytest.raises(errors.InvalidAnswerError, match="has more decimal places than JPY"):
        replay(strict.quote(attrs.evolve(REQUEST, order_value=None), CONTEXT), "estimate_fee_200")


def test_grant_is_asked_for_unsigned_and_kept_secret(rider, replay) -> None:
    """
    The token comes from another host and signs what follows; no repr shows it.
    """
    body = {"access_token": "canary-token", "expires_in": 3600}
    grant, (request,) = replay(rider.grant(NOW), (200, body))
    signed = rider.sign(request, NOW, grant)

    assert (False, "https://sts.deliveryhero.io") == (request.signed, request.base)
    assert NOW + timedelta(hours=1) == grant.expires_at
    assert "Bearer canary-token" == signed.headers["authorization"]
    assert "canary" not in f"{grant!r} {signed!r} {rider!r}"


def test_provider_is_immutable_and_holds_its_secret(rider) -> None:
    """
    An account cannot change under a running flow, and shows no credential.
    """
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        rider.currency = "USD"
    assert Secret("assertion") == rider.assertion
