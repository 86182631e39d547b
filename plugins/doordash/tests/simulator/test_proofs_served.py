"""
Proof images, fetched from the links that answers and webhooks tell.
"""

from __future__ import annotations

import struct
import zlib

import attrs
import pytest
import urllib3

DELIVERIES = "/drive/v2/deliveries"
PICKUP = "pickup_verification_image_url"
DROPOFF = "dropoff_verification_image_url"
SIGNATURE = "dropoff_signature_image_url"
PROOFS = {PICKUP, DROPOFF, SIGNATURE}


@pytest.fixture(name="options")
def _options(options, request):
    return attrs.evolve(options, **getattr(request, "param", {}))


@pytest.fixture(name="fetch")
def _fetch():
    """
    Fetch as anybody can: without a token of the account.
    """
    with urllib3.PoolManager(timeout=2, retries=False) as pool:
        yield lambda url: pool.request("GET", url)


@pytest.fixture(name="proofs")
def _proofs(call):
    def proofs():
        told = call("GET", f"{DELIVERIES}/D-1").body
        return {name: told[name] for name in told if name in PROOFS}

    return proofs


@pytest.mark.parametrize(
    ("wish", "at_pickup", "at_dropoff"),
    [
        ({}, {PICKUP}, {DROPOFF}),
        ({"dropoff_options": {"proof_of_delivery": "photo_required"}}, {PICKUP}, {DROPOFF}),
        ({"dropoff_options": {"proof_of_delivery": "photo_preferred"}}, {PICKUP}, {DROPOFF}),
        ({"dropoff_options": {"proof_of_delivery": "none"}}, {PICKUP}, set()),
        ({"dropoff_options": {"proof_of_delivery": "pin_code"}}, {PICKUP}, set()),
        ({"dropoff_options": {"signature": "required"}}, {PICKUP}, {DROPOFF, SIGNATURE}),
        ({"dropoff_requires_signature": True}, {PICKUP}, {DROPOFF, SIGNATURE}),
        (
            {"pickup_external_business_id": "deli", "pickup_external_store_id": "deli-10"},
            set(),
            {DROPOFF},
        ),
    ],
)
def test_proofs_are_there_when_they_were_taken(drive, book, proofs, wish, at_pickup, at_dropoff):
    """
    At the pickup from an address; at the door as far as they were asked for.
    """
    drive.register_store("deli", "deli-10", address="2 Mission St")
    book(**wish)
    before = proofs()
    drive.advance("D-1", "picked_up")
    collected = proofs()
    drive.advance("D-1", "delivered")

    assert {} == before
    assert at_pickup == collected.keys()
    assert at_pickup | at_dropoff == proofs().keys()


def test_links_serve_images_to_whoever_has_them(drive, book, proofs, fetch):
    """
    A PNG each, no two alike, from this very server.
    """
    book(dropoff_requires_signature=True)
    drive.advance("D-1", "delivered")
    links = proofs()
    images = {name: fetch(url) for name, url in links.items()}

    assert PROOFS == links.keys()
    assert all(url.startswith(f"{drive.base_url}/proofs/") for url in links.values())
    assert {(200, "image/png")} == {
        (one.status, one.headers["Content-Type"]) for one in images.values()
    }
    assert 3 == len({_pixel(one.data) for one in images.values()})


def test_link_cannot_be_guessed(drive, book, proofs, fetch):
    """
    Long, of one delivery and one proof alone, and the same at every reading.
    """
    book()
    drive.advance("D-1", "delivered")
    links = proofs()
    tokens = {url.split("/")[4] for url in links.values()}
    crossed = links[PICKUP].rpartition("/")[0] + "/frontdoor.png"

    assert links == proofs()
    assert 2 == len(tokens)
    assert min(map(len, tokens)) >= 32
    assert [404, 404] == [
        fetch(url).status for url in (crossed, f"{drive.base_url}/proofs/x/frontdoor.png")
    ]


def test_other_delivery_has_other_links(drive, call, book, proofs):
    """
    Even of the same door.
    """
    for delivery in ("D-1", "D-2"):
        book(delivery)
        drive.advance(delivery, "delivered")
    other = call("GET", f"{DELIVERIES}/D-2").body

    assert proofs()[DROPOFF] != other[DROPOFF]


def test_links_live_on_unless_told(drive, book, proofs, fetch):
    """
    DoorDash names no life.
    """
    book()
    drive.advance("D-1", "delivered")
    drive.clock.step(365 * 24 * 3600)

    assert 200 == fetch(proofs()[DROPOFF]).status


@pytest.mark.parametrize("options", [{"proof_life": 600.0}], indirect=True, ids=[""])
def test_links_end_with_their_life(drive, book, proofs, fetch):
    """
    403 from then on; each counts from when it was taken.
    """
    book(action_if_undeliverable="return_to_pickup")
    drive.advance("D-1", "picked_up")
    drive.clock.step(300)
    drive.advance("D-1", "delivered")
    links = proofs()
    statuses = []
    for seconds in (299, 1, 299, 1):
        drive.clock.step(seconds)
        statuses.append([fetch(links[name]).status for name in (PICKUP, DROPOFF)])

    assert [[200, 200], [403, 200], [403, 200], [403, 403]] == statuses


def test_proof_can_fail(drive, book, proofs, fetch):
    """
    Its operation is ``proof``.
    """
    book()
    drive.advance("D-1", "delivered")
    drive.faults.arm("error_503_before", "proof")
    links = proofs()

    assert [503, 200] == [fetch(links[DROPOFF]).status for _ in range(2)]


def test_books_are_read_after_the_server_stopped(drive, book):
    """
    A proof that comes due then needs no address to listen on.
    """
    book()
    drive.stop()
    drive.clock.step(1200)

    assert ["delivered"] == [one["status"] for one in drive.books()]


def _pixel(image):
    """
    Take a PNG of one pixel apart, checksums and all.
    """
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    rest, parts = image[8:], {}
    while rest:
        (length,) = struct.unpack(">I", rest[:4])
        kind, data, check = rest[4:8], rest[8 : 8 + length], rest[8 + length : 12 + length]
        assert struct.pack(">I", zlib.crc32(kind + data)) == check
        parts[kind] = data
        rest = rest[12 + length :]
    assert [b"IHDR", b"IDAT", b"IEND"] == list(parts)
    assert struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0) == parts[b"IHDR"]
    line = zlib.decompress(parts[b"IDAT"])
    assert (4, 0) == (len(line), line[0])
    return line[1:]
