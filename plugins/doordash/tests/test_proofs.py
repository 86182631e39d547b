"""
Proofs of delivery: which link is followed, what is kept, and what is shown to nobody.
"""

from __future__ import annotations

import json

import attrs
import pytest

import doorstep
from doorstep import errors as e
from doorstep.models import ProofKind, StopKind
from doorstep.testing import ManualClock
from doorstep_contracts.faults import Answer, FaultServer
from doorstep_doordash._proofs import LINKS
from doorstep_doordash._provider import DoorDashProvider

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
LINK = "https://images.example/drive/frontdoor.png?token=hush-hush&e=1"
PLACES = [(*where, field) for where, field in LINKS.items()]


@pytest.fixture(name="fetch", scope="module")
def _fetch(provider, delivery_id, ctx):
    return lambda stop=StopKind.DROPOFF, kind=ProofKind.PHOTO: provider.proof(
        delivery_id, stop, kind, ctx
    )


@pytest.fixture(name="delivered", scope="module")
def _delivered(told):
    """
    Return a maker of answers about the delivery with a link, in one field or in all.
    """
    return lambda link=LINK, *fields: told(
        "delivered", **dict.fromkeys(fields or LINKS.values(), link)
    )


@pytest.mark.parametrize(("stop", "kind", "field"), PLACES)
def test_proof_is_what_its_own_link_leads_to(fetch, run, answer, delivered, stop, kind, field):
    """
    The delivery is read, then the one link that was asked for: unsigned, as it stands.
    """
    ran = run(fetch(stop, kind), answer(delivered(LINK, field)), answer(PNG))
    read, fetched = ran.requests

    assert "/drive/v2/deliveries/D-1763" == read.target
    assert ("GET", "https://images.example") == (fetched.method, fetched.base)
    assert "/drive/frontdoor.png?token=hush-hush&e=1" == fetched.target
    assert not fetched.signed
    assert 16 * 1024 * 1024 == fetched.body_cap
    assert (kind, PNG, "image/png") == (ran.value.kind, ran.value.content, ran.value.media_type)


def test_link_is_not_kept_with_the_proof(fetch, run, answer, delivered):
    """
    Whoever has the link needs no credentials, so it is not part of what is kept.
    """
    proof = run(fetch(), answer(delivered()), answer(PNG)).value

    assert (None, None) == (proof.url, proof.expires_at)
    assert "PNG" not in repr(proof)


def test_no_link_is_no_proof(fetch, run, answer, delivered, told):
    """
    Before anything was collected, and where a proof of another kind was, there is none.
    """
    assert run(fetch(), answer(told("confirmed"))).value is None
    assert run(fetch(), answer(delivered(""))).value is None
    others = [field for *_, field in PLACES if not field.startswith("dropoff_verif")]
    assert run(fetch(), answer(delivered(LINK, *others))).value is None


@pytest.mark.parametrize(
    ("stop", "kind"),
    [(stop, kind) for stop in StopKind for kind in ProofKind if (stop, kind) not in LINKS],
)
def test_what_doordash_never_links_to_is_not_asked_for(fetch, run, stop, kind):
    """
    There is no link to a PIN, nor to anything of a return.
    """
    assert [] == run(fetch(stop, kind)).requests


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (b"GIF87a....", "image/gif"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypheix", "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1", "image/heif"),
        (b"\x00\x00\x00\x18ftypavif", "image/avif"),
    ],
)
@pytest.mark.parametrize("header", [None, "application/octet-stream", "text/html"])
def test_media_type_is_told_by_the_bytes(
    fetch, run, answer, delivered, content, media_type, header
):
    """
    Hosts of files call everything a stream of octets; the first bytes know better.
    """
    headers = {} if header is None else {"content-type": header}
    ran = run(fetch(), answer(delivered()), answer(content, headers=headers))

    assert media_type == ran.value.media_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>Sign in to the network</html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"%PDF-1.7",
        b"\x00\x00\x00\x18ftypmp42",
        b"RIFF\x10\x00\x00\x00WAVEfmt ",
        b"\x89PN",
        b"{}",
    ],
)
def test_what_is_no_image_is_not_kept(fetch, run, answer, delivered, content):
    """
    A page that asks to sign in is no photograph, whatever its header says.
    """
    spoilt = answer(content, headers={"content-type": "image/png"})
    with pytest.raises(e.InvalidAnswerError) as caught:
        run(fetch(), answer(delivered()), spoilt)

    assert "$.dropoff_verification_image_url" == caught.value.params["path"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (403, e.ProofGoneError),
        (404, e.ProofGoneError),
        (410, e.ProofGoneError),
        (301, e.InvalidAnswerError),
        (302, e.InvalidAnswerError),
        (400, e.UnclassifiedCarrierError),
        (401, e.UnclassifiedCarrierError),
        (429, e.RateLimitedError),
        (500, e.CarrierInternalError),
        (503, e.CarrierInternalError),
    ],
)
def test_link_that_leads_to_nothing_says_why(fetch, run, answer, delivered, status, expected):
    """
    A link that has ended is told apart from a host that fails; none blames the credentials.
    """
    body = b"<Error><Code>AccessDenied</Code><Token>hush-hush</Token></Error>"
    with pytest.raises(expected) as caught:
        run(fetch(), answer(delivered()), answer(body, status))

    assert status == caught.value.http_status
    assert "hush" not in str(caught.value)
    assert "hush" not in repr(caught.value.params)


@pytest.mark.parametrize(
    "link",
    [
        "http://images.example/p.png",
        "https://127.0.0.1/p.png",
        "http://127.0.0.1:8080/p.png",
        "https://10.0.0.1/p.png",
        "https://169.254.169.254/latest/meta-data",
        "https://user:hush@images.example/p.png",
        "file:///etc/passwd",
        "hush",
    ],
)
def test_link_into_the_network_is_not_followed(fetch, run, answer, delivered, link):
    """
    Nothing is asked of where the link leads, and no part of it is repeated.
    """
    with pytest.raises(e.InvalidAnswerError) as caught:
        run(fetch(), answer(delivered(link)))

    assert "$.dropoff_verification_image_url" == caught.value.params["path"]
    assert "hush" not in str(caught.value)


def test_refused_delivery_is_told_as_ever(fetch, run, answer):
    """
    A delivery that DoorDash does not know has no proof, and that is another error.
    """
    with pytest.raises(e.DeliveryNotFoundError):
        run(fetch(), answer({"code": "unknown_delivery_id", "message": "m"}, 404))


class Watching:
    """
    Keeps what observers are shown.
    """

    def __init__(self):
        self.exchanges = []

    def on_exchange(self, exchange):
        self.exchanges.append(exchange)

    def on_call(self, summary): ...


class Telling:
    """
    Answers with a delivery that links to *path* of the very server that answers.
    """

    def __init__(self, told, path):
        self._told = told
        self._path = path
        self.server = None

    def __call__(self, peer):
        link = self.server.url + self._path
        body = self._told("delivered", dropoff_verification_image_url=link)
        return peer.reply(200, json.dumps(body).encode())


@pytest.fixture(name="watching")
def _watching():
    return Watching()


@pytest.fixture(name="client")
def _client(settings, watching):
    """
    Return a maker of clients for a carrier on this computer.
    """

    def make(server):
        provider = DoorDashProvider("downtown", attrs.evolve(settings, base_url=server.url))
        return doorstep.Client(provider, clock=ManualClock(), observers=[watching])

    return make


def test_f022_fetching_a_proof_follows_nothing_and_shows_no_link(client, watching, told):
    """
    Over the wire: no token goes to the host of the image, a redirect is not followed,
    and observers are shown neither the link nor the image.
    """
    sent = Answer(302, b"", {"Location": "/elsewhere"})
    tell = Telling(told, "/proofs/hush-hush.png?token=hush")
    with FaultServer(tell, Answer(200, PNG), tell, sent) as server:
        tell.server = server
        with client(server) as courier:
            proof = courier.proof("doordash/downtown/D-1763", StopKind.DROPOFF, ProofKind.PHOTO)
            with pytest.raises(e.InvalidAnswerError, match="does not follow"):
                courier.proof("doordash/downtown/D-1763", StopKind.DROPOFF, ProofKind.PHOTO)

    heads = [request.partition(b"\r\n\r\n")[0].lower() for request in server.requests]
    assert PNG == proof.content
    assert [True, False, True, False] == [b"\r\nauthorization:" in head for head in heads]
    assert heads[1].startswith(b"get /proofs/hush-hush.png?token=hush ")
    assert ["/(linked)"] * 2 == [one.route for one in watching.exchanges[1::2]]
    assert "hush" not in repr(watching.exchanges)
    assert "PNG" not in repr(watching.exchanges)


def test_image_that_never_ends_is_cut(client, told):
    """
    More than sixteen megabytes are not read: that is no photograph of a door.
    """
    tell = Telling(told, "/p.png")
    with FaultServer(tell, Answer(200, PNG + bytes(16 * 1024 * 1024))) as server:
        tell.server = server
        with client(server) as courier, pytest.raises(e.CarrierUnavailableError, match="larger"):
            courier.proof("doordash/downtown/D-1763", StopKind.DROPOFF, ProofKind.PHOTO)
