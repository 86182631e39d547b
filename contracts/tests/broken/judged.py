"""
The whole contract on every provider of the table: collected by ``judge.py`` alone.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar

import pytest
from doorstep_acme._settings import AcmeSettings

from broken.table import GOOD, TABLE
from doorstep.models import Address, Contact, DeliveryRequest, Money, Stop
from doorstep.secret import Secret
from doorstep_contracts.case import Case, Shelf
from doorstep_contracts.effort import Effort
from doorstep_contracts.suite import ProviderContract
from doorstep_contracts.tapes import Tape, tapes


class Judged(ProviderContract):
    """
    What they all are run on: Acme's rules in this very process.
    """

    maker: ClassVar[Any]
    taped: ClassVar[dict[str, Tape]]

    @pytest.fixture
    def effort(self) -> Effort:
        """
        Every promise, each with few examples: who breaks one does it every time.
        """
        return Effort(profile="judge", lives=40, steps=30, orders=4, every_status=False)

    @pytest.fixture
    def server(self) -> Any:
        """
        The carrier.
        """
        return self.maker.carrier()

    @pytest.fixture
    def provider(self, server: Any) -> Any:
        """
        The provider that is judged.
        """
        return self.maker.at(server)

    @pytest.fixture
    def delivery_request(self) -> DeliveryRequest:
        """
        A delivery that the account can do.
        """
        return DeliveryRequest(
            reference="order-118",
            pickup=Stop(address=Address(one_line="1 Market Street, Springfield")),
            dropoffs=Stop(
                address=Address(one_line="2 Elm Street, Springfield"),
                contact=Contact(phone="+12025550142"),
                instructions="Ring twice, please",
            ),
            order_value=Money(2500, "USD"),
        )

    @pytest.fixture
    def recordings(self) -> Path | None:
        """
        Recordings of Acme, made up.
        """
        folder: Path | None = self.maker.recordings
        return folder

    @pytest.fixture
    def replaying(self) -> Any:
        """
        The account that the recordings are of.
        """
        word = Secret("word-of-the-tests")
        return self.maker("default", AcmeSettings(api_key=word, webhook_secret=word))

    @pytest.fixture
    def tapes(self, case: Case) -> dict[str, Tape]:
        """
        Every operation, run once for all tests: nothing plays upon the carrier itself.
        """
        own = type(self)
        if "taped" not in vars(own):
            own.taped = tapes(case)
        return own.taped

    @pytest.fixture
    def catalog_shelf(self) -> Shelf:
        """
        What the marketplace has, where there is one.
        """
        return Shelf(store="store-1", items=("soup", "bread"), options=("spicy",))


#: Which of them, as in ``0/2``: the rest is judged by other processes.
_share, _shares = (int(one) for one in os.environ.get("JUDGED", "0/1").split("/"))
for _one in (*GOOD, *(row.broken for row in TABLE))[_share::_shares]:
    globals()[f"Test{_one.__name__}"] = type(
        f"Test{_one.__name__}", (Judged,), {"maker": _one, "__module__": __name__}
    )
del _one, Judged
