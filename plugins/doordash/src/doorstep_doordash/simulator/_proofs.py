"""
Proof images: what was photographed and signed, under links to this very server.

=======================================  ==================================================
field                                    when
=======================================  ==================================================
``pickup_verification_image_url``        from the pickup on, unless a registered store was
                                         named: 0.2.5's webhooks have it "peer-to-peer only"
``dropoff_verification_image_url``       once delivered, unless ``proof_of_delivery`` is
                                         ``none`` or ``pin_code``
``dropoff_signature_image_url``          once delivered, if a signature was asked for
=======================================  ==================================================

A link needs no token of the account, but has one in its path that cannot be
guessed. Whether DoorDash's links end is documented nowhere; these do after
``DriveOptions.proof_life``, with 403.
"""

from __future__ import annotations

import secrets
import threading
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from doorstep.simulation import SimulatorClock
from doorstep_doordash.simulator._refused import RefusedError
from doorstep_doordash.simulator._state import Booking

__all__ = ["Proofs", "ProofsPart"]

_RULES: Final = (Rule("/proofs/<token>/<name>", methods=["GET"], endpoint="proof"),)
#: Each image's file name and colour.
_IMAGES: Final = {
    "pickup_verification_image_url": ("counter.png", (176, 132, 80)),
    "dropoff_verification_image_url": ("frontdoor.png", (72, 112, 160)),
    "dropoff_signature_image_url": ("signature.png", (24, 24, 40)),
}


def _png(colour: tuple[int, int, int]) -> bytes:
    """
    Return an image of one pixel.
    """
    size = (1).to_bytes(4, "big")
    parts = (
        (b"IHDR", size + size + bytes([8, 2, 0, 0, 0])),
        (b"IDAT", zlib.compress(b"\0" + bytes(colour))),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
        for kind, data in parts
    )


_CONTENTS: Final = {name: _png(colour) for name, colour in _IMAGES.values()}


class Proofs:
    """
    Take proofs and keep them.

    Args:
        clock:
            The simulator's clock.

        life_s:
            Simulated seconds that a link lives; for ever when None.
    """

    def __init__(self, clock: SimulatorClock, life_s: float | None) -> None:
        self._clock = clock
        self._life = None if life_s is None else timedelta(seconds=life_s)
        self._lock = threading.Lock()
        self._taken: dict[tuple[str, str], datetime] = {}
        self._base_url = ""

    def serve_at(self, base_url: str) -> None:
        """
        Make links below *base_url* from now on.
        """
        self._base_url = base_url

    def collect(self, booking: Booking, at: datetime) -> None:
        """
        Take the proofs that belong to the status which *booking* entered.
        """
        for field in _wanted(booking):
            name, _ = _IMAGES[field]
            token = secrets.token_urlsafe(24)
            with self._lock:
                self._taken[token, name] = at
            booking.proofs[field] = f"{self._base_url}/proofs/{token}/{name}"

    def image(self, token: str, name: str) -> bytes:
        """
        Return the image under a link.

        Raises:
            RefusedError:
                404 for a link that was never told, 403 for one whose life has ended.
        """
        with self._lock:
            taken = self._taken.get((token, name))
        if taken is None:
            raise RefusedError(404, {"code": "not_found", "message": "There is no such image"})
        if self._life is not None and self._clock.now() >= taken + self._life:
            raise RefusedError(403, {"code": "link_expired", "message": "The link has expired"})
        return _CONTENTS[name]


class ProofsPart:
    """
    Serve proof images to whoever has their link.

    Args:
        proofs:
            The images.
    """

    def __init__(self, proofs: Proofs) -> None:
        self._proofs = proofs

    def rules(self) -> Sequence[Rule]:
        """
        Return the one route: proof.
        """
        return _RULES

    def answer(self, _operation: str, arguments: Mapping[str, str], _request: Request) -> Response:
        """
        Return the image, whoever asks.
        """
        image = self._proofs.image(arguments["token"], arguments["name"])
        return Response(image, status=200, content_type="image/png")


def _wanted(booking: Booking) -> list[str]:
    options = booking.body.get("dropoff_options", {})
    if booking.status == "picked_up":
        named = "pickup_external_store_id" in booking.body
        return [] if named else ["pickup_verification_image_url"]
    if booking.status != "delivered":
        return []
    wanted = []
    if options.get("proof_of_delivery") not in {"none", "pin_code"}:
        wanted.append("dropoff_verification_image_url")
    signature = options.get("signature", "none") != "none"
    if signature or booking.body.get("dropoff_requires_signature"):
        wanted.append("dropoff_signature_image_url")
    return wanted
