"""
What every suite has: the five fixtures, and what is made of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import pytest

from doorstep.errors import DoorstepError
from doorstep.models import DeliveryRequest
from doorstep.provider import Provider
from doorstep.requirements import check_request
from doorstep_contracts.carriers import Carrier, SimulatorCarrier
from doorstep_contracts.case import Case
from doorstep_contracts.effort import Effort
from doorstep_contracts.promise import PROVIDER, promise_of
from doorstep_contracts.recordings import Recording, load_folder
from doorstep_contracts.tapes import Tape, tapes, tapes_of

__all__ = ["Contract", "recordings_in", "supplied"]

#: The test that says so if nothing else can be tried: the request cannot be done.
FOOTING = "test_request_fits_the_capabilities"


class Contract:
    """
    A topic of the contract. Inherit it, and supply fixtures:

    ``provider``
        An account of yours; set up for ``server`` where you have one.

    ``delivery_request``
        A delivery that this account can do.

    ``server``
        Your simulator, started: most promises are about a carrier that answers. Or
        None, as it should be where ``effort.server`` is false.

    ``recordings``
        The folder of your recordings, or None.

    ``replaying``
        The provider that recordings are replayed with, of the account that their ids
        name; ``provider`` unless there is one.

    ``taken_quote``
        A quote for the request, if dispatch needs one and there is no server.
    """

    #: What your carrier cannot keep, by the name of the test, and why. Strict: a
    #: promise that is kept after all fails.
    exempt: ClassVar[Mapping[str, str]] = {}

    @pytest.fixture
    def carrier(self, request: pytest.FixtureRequest, effort: Effort) -> Iterator[Carrier | None]:
        """
        What answers: the simulator, or what is a carrier already.
        """
        server = supplied(request, "server") if effort.server else None
        made = (
            server if server is None or hasattr(server, "pass_time") else SimulatorCarrier(server)
        )
        yield made
        if made is not None:
            made.close()

    @pytest.fixture
    def case(
        self,
        request: pytest.FixtureRequest,
        provider: Provider,
        delivery_request: DeliveryRequest,
        carrier: Carrier | None,
    ) -> Case:
        """
        What the test is run on.
        """
        request.node.stash[PROVIDER] = provider.name
        return Case(
            provider=provider,
            request=delivery_request,
            quote=supplied(request, "taken_quote"),
            carrier=carrier,
            recordings=supplied(request, "recordings"),
        )

    @pytest.fixture(autouse=True)
    def _only_what_is_claimed(
        self, request: pytest.FixtureRequest, case: Case, effort: Effort
    ) -> None:
        promised = promise_of(request.node)
        if promised is None:
            return
        if request.function.__name__ != FOOTING and _unfit(case):
            # One test says it; the others would only repeat it.
            pytest.skip(f"the request does not fit the capabilities: see {FOOTING}")
        if promised.claims and not any(case.claims(path) for path in promised.claims):
            # Capabilities decide what runs.
            pytest.skip(f"not claimed: {' or '.join(promised.claims)}")
        if promised.carrier and case.carrier is None:
            advice = "supply the fixture `server`" if effort.server else "that is the profile"
            # What a carrier does cannot be seen without one.
            pytest.skip(f"no server: {advice}")

    @pytest.fixture
    def tapes(self, request: pytest.FixtureRequest, case: Case, effort: Effort) -> dict[str, Tape]:
        """
        Every operation, run once against the carrier; without one, as it was recorded.
        """
        found = tapes(case) if case.carrier is not None else {}
        if case.recordings is not None and (effort.every_recording or not found):
            replaying: Provider = supplied(request, "replaying") or case.provider
            known = tapes_of(recordings_in(case.recordings), replaying, effort.every_recording)
            found = {**known, **found}
        if not found:
            # There is no answer that could be changed.
            pytest.skip("no server and no recordings: supply one of these fixtures")
        return found


def _unfit(case: Case) -> bool:
    try:
        check_request(case.request, case.can)
    except DoorstepError:
        return True
    return False


@cache
def recordings_in(folder: Path) -> Mapping[str, Recording]:
    """
    Return the recordings of *folder* by name, read once.
    """
    return load_folder(folder)


def supplied(request: pytest.FixtureRequest, name: str) -> Any:
    """
    Return a fixture that a plugin may leave out, or None.
    """
    try:
        return request.getfixturevalue(name)
    except pytest.FixtureLookupError as error:
        if error.argname != name:
            raise  # it is there, and lacks something itself
        return None
