"""
Fetching what was collected at a stop.

Source:
    Drive API 2.1.59, the image URLs of a delivery. How long they hold, and what answers
    when they no longer do, is documented nowhere.
"""

from __future__ import annotations

from typing import Final

from doorstep.errors import (
    InvalidAnswerError,
    ProofGoneError,
    ProviderError,
    UnclassifiedCarrierError,
)
from doorstep.http import Flow, Response, linked
from doorstep.models import Proof, ProofKind, StopKind
from doorstep_doordash._errors import answered, refusal
from doorstep_doordash._found import get

__all__ = ["LINKS", "proof"]

#: The field of a delivery that links to a proof.
LINKS: Final = {
    (StopKind.PICKUP, ProofKind.PHOTO): "pickup_verification_image_url",
    (StopKind.DROPOFF, ProofKind.PHOTO): "dropoff_verification_image_url",
    (StopKind.DROPOFF, ProofKind.SIGNATURE): "dropoff_signature_image_url",
}

#: What the bytes of an image begin with.
_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
#: The brand of an image in a container for films too.
_BRANDS: Final = {
    b"avif": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
}
#: What hosts of files answer when a link has ended.
_GONE: Final = frozenset({403, 404, 410})
_LATER: Final = frozenset({408, 425, 429})


def proof(delivery: str, stop: StopKind, kind: ProofKind, base_url: str) -> Flow[Proof | None]:
    """
    Read the delivery, then fetch what it links to.

    The link itself is left out of the proof: whoever has it needs no credentials, and
    proofs are kept. ``track()`` tells it.

    Returns:
        The image, or None if DoorDash links to none.
    """
    field = LINKS.get((stop, kind))
    if field is None:
        return None
    found = yield from get(delivery, operation="proof")
    url = getattr(found.answer, field)
    if not url:
        return None
    response = yield linked(url, base_url, at=f"$.{field}")
    if not answered(response):
        raise _not_fetched(response, field)
    return Proof(kind=kind, content=response.body, media_type=_media_type(response, field))


def _media_type(response: Response, field: str) -> str:
    """
    Return what the bytes are, whatever the header calls them.

    Hosts of files often call everything ``application/octet-stream``, and a page that
    asks to sign in must not be kept as a photograph.
    """
    body = response.body
    for beginning, media_type in _BEGINNINGS:
        if body.startswith(beginning):
            return media_type
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if body[4:8] == b"ftyp" and body[8:12] in _BRANDS:
        return _BRANDS[body[8:12]]
    raise InvalidAnswerError(
        f"fetched something else than an image @ $.{field}",
        params={"path": f"$.{field}"},
        http_status=response.status,
    )


def _not_fetched(response: Response, field: str) -> ProviderError:
    """
    Return the error for a link that leads to no image.

    What answers is a host of files, which was given no credentials and does not speak
    DoorDash's words.
    """
    status = response.status
    if status in _GONE:
        return ProofGoneError("found nothing any more where the proof was", http_status=status)
    if status in _LATER or status >= 500:
        return refusal(response, "proof")
    if 300 <= status < 400:
        return InvalidAnswerError(
            f"was sent elsewhere by the link, and does not follow @ $.{field}",
            params={"path": f"$.{field}"},
            http_status=status,
        )
    return UnclassifiedCarrierError("was refused where the proof is", http_status=status)
