"""
The good providers: they keep every promise, and lend what they have to the broken ones.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Self

import attrs
from doorstep_acme._errors import refusal
from doorstep_acme._provider import AcmeProvider
from doorstep_acme._provider import _capabilities as acme_capabilities
from doorstep_acme._settings import AcmeSettings

from broken.carrier import InProcess, ShopInProcess
from doorstep.capabilities import Capabilities, CatalogCapabilities
from doorstep.http import Flow, Request, Response, path
from doorstep.models import (
    CloseReason,
    Delivery,
    DeliveryId,
    DeliveryStop,
    Proof,
    ProofKind,
    Status,
    StopKind,
)
from doorstep.secret import Secret
from doorstep.testing._catalog import FakeCatalog
from doorstep.testing._marketplace import CLOSES_FOR_S
from doorstep.testing._onboarding import FakeOnboarding

__all__ = ["Acme", "InsteadError", "Shop", "hooked"]

RECORDINGS = Path(__file__).parent / "recordings"


def _claims(provider: Acme) -> Capabilities:
    return attrs.evolve(acme_capabilities(provider), **provider.claims)


@attrs.frozen
class Acme(AcmeProvider):
    """
    The template's provider, as it is.
    """

    capabilities: Capabilities = attrs.field(
        init=False, repr=False, eq=False, default=attrs.Factory(_claims, takes_self=True)
    )
    #: What it claims beside, or instead.
    claims: ClassVar[dict[str, Any]] = {}
    carrier: ClassVar[type[InProcess]] = InProcess
    recordings: ClassVar[Path | None] = RECORDINGS

    @classmethod
    def at(cls, carrier: InProcess) -> Self:
        """
        Return an account at *carrier*.
        """
        secrets = {name: Secret(text) for name, text in carrier.settings.items()}
        return cls("default", AcmeSettings(**secrets))


class InsteadError(Exception):
    """
    Ends a hooked flow with another value.
    """

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


def hooked(
    flow: Flow[Any],
    *,
    ask: Callable[[Request], Request] = lambda request: request,
    hear: Callable[[Response], Response] = lambda answer: answer,
    lost: Callable[[Exception], Exception] = lambda error: error,
) -> Flow[Any]:
    """
    Run *flow* with its requests, its answers or what became of them changed.
    """
    step: Callable[[], Request] = partial(next, flow)
    try:
        while True:
            request = step()
            try:
                answer = yield ask(request)
            except Exception as error:  # noqa: BLE001  handed on
                step = partial(flow.throw, lost(error))
            else:
                step = partial(flow.send, hear(answer))
    except StopIteration as end:
        return end.value
    except InsteadError as end:
        return end.value
    finally:
        flow.close()


CATALOG = CatalogCapabilities(
    close_reasons=frozenset(CloseReason),
    closes_for_s=CLOSES_FOR_S,
    item_batch=100,
    items=True,
    options=True,
    read_store=True,
)


class Shop(Acme, FakeOnboarding):
    """
    Acme with a marketplace, a register of businesses, and photos of what was delivered.
    """

    carrier: ClassVar[type[InProcess]] = ShopInProcess
    shelves: ClassVar[type[FakeCatalog]] = FakeCatalog
    claims: ClassVar[dict[str, Any]] = {
        "catalog": CATALOG,
        "onboarding": True,
        "proof_kinds": frozenset({ProofKind.PHOTO}),
        "proof_fetch": True,
    }

    @property
    def catalog(self) -> FakeCatalog:
        """
        The marketplace.
        """
        return self.shelves(name=self.name, account=self.account, base_url=self.base_url)

    def proof(
        self, delivery: DeliveryId, stop: StopKind, kind: ProofKind, ctx: Any
    ) -> Flow[Proof | None]:
        """
        Fetch the photo at the dropoff; nothing else is ever collected.
        """
        if (stop, kind) != (StopKind.DROPOFF, ProofKind.PHOTO):
            return None
        answer = yield Request("GET", path("/jobs/{id}/proof", id=delivery.value))
        if answer.status == 200:
            media_type = answer.headers["content-type"]
            return Proof(kind=kind, content=answer.body, media_type=media_type)
        refused = refusal(answer, "proof")
        if refused.raw_code == "no_proof":
            return None
        raise refused

    def _delivery(self, answer: Response, wanted: str, operation: str) -> Delivery:
        read = super()._delivery(answer, wanted, operation)
        if read.status is not Status.DELIVERED:
            return read
        photo = Proof(kind=ProofKind.PHOTO, url=f"{self.base_url}/jobs/{wanted}/proof")
        return attrs.evolve(read, stops=[DeliveryStop(kind=StopKind.DROPOFF, proofs=[photo])])
