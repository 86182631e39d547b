"""
The commands around a delivery: coverage, addresses, once more, couriers, proofs.
"""

from __future__ import annotations

import json
import os
import stat
from decimal import Decimal

import pytest
from tests.cli.market import NOW, lost

from doorstep import from_json
from doorstep.cli._exit import Exit
from doorstep.models import (
    Address,
    Assignment,
    Coordinates,
    Courier,
    Coverage,
    Delivery,
    Money,
    Opinion,
    Proof,
    ProofKind,
    Rating,
)

COVERS = ("covers", "acme", "--pickup-address=901 Market", "--dropoff-address=1 Ferry")
DELIVERY = "acme/default/order-1~1"
PROOF = ("proof", DELIVERY, "--stop=dropoff", "--kind=photo")


def test_coverage_is_an_exit_code(cli, books):
    """
    A script can branch on it; a person reads why not, in the carrier's words.
    """
    yes = cli(*COVERS, "--order-value=19.99 USD")
    books.coverage = Coverage(covered=False, reasons=["too far\x1b[2J"])
    no = cli(*COVERS)

    assert (Exit.OK, "The carrier goes there.\n") == yes[:2]
    assert (Exit.REFUSED, "The carrier does not go there.\ntoo far\\x1b[2J\n") == no[:2]
    assert not from_json(cli(*COVERS, "--json").out, Coverage).covered
    assert ("901 Market", "1 Ferry", Money(1999, "USD")) == books.asked[0]


def test_address_is_completed(cli, books):
    """
    One line for each, from whatever form the carrier has.
    """
    point = Coordinates(lat="37.79", lng="-122.39")
    books.addresses = [
        Address(one_line="901 Market Street"),
        Address(lines=["1 Ferry Building"], unit="2", locality="San Francisco", country="US"),
        Address(coordinates=point),
    ]
    ran = cli("complete-address", "acme", "90", "--near", "-37.79, 122.39", "--limit=5")
    told = cli("complete-address", "acme", "90", "--json").out.splitlines()

    assert [
        "ADDRESS",
        "901 Market Street",
        "1 Ferry Building, 2, San Francisco, US",
        "37.79,-122.39",
    ] == ran.out.splitlines()
    assert books.addresses == [from_json(line, Address) for line in told]
    assert ("90", Coordinates(lat=Decimal("-37.79"), lng="122.39"), 5) == books.asked[0]


@pytest.mark.parametrize("near", ["here", "37.79", "37,79;122", "99.5,0"])
def test_wrong_point_is_usage(cli, books, near):
    """
    Degrees north and east, with a comma between.
    """
    ran = cli("complete-address", "acme", "90", f"--near={near}")

    assert (Exit.USAGE, "") == ran[:2]
    assert "--near must" in ran.err


def test_redelivery_must_be_wanted(cli, books):
    """
    It costs money that nobody knows beforehand: without --yes nothing is sent.
    """
    ran = cli("redeliver", DELIVERY, "order-2")

    assert (Exit.USAGE, "") == ran[:2]
    assert "--yes must be given: this costs money" in ran.err
    assert [] == books.asked


def test_redelivery_is_a_delivery_of_its_own(cli, books):
    """
    Under the new reference and revision.
    """
    ran = cli("redeliver", DELIVERY, "order-2", "--revision=3", "--yes", "--json")

    assert "order-2~3" == from_json(ran.out, Delivery).id.value
    assert [("order-1~1", "order-2", 3)] == books.asked


def test_redelivery_without_an_answer_names_the_look_up(cli, books):
    """
    A courier may be on the way: code 5, and the command to look it up by the new reference.
    """
    books.faults = [lost()]
    ran = cli("redeliver", DELIVERY, "order-2", "--yes")

    assert (Exit.UNKNOWN, "") == ran[:2]
    assert "look it up: doorstep find acme order-2\n" in ran.err


def test_redelivery_that_cannot_be_printed_is_told_on_stderr(cli, books, monkeypatch):
    """
    A full disk loses no delivery that was paid for.
    """

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("doorstep.cli._output.Output.value", full)
    ran = cli("redeliver", DELIVERY, "order-2", "--yes")

    assert Exit.UNKNOWN == ran.code
    assert "acme: redeliver was done but could not be printed" in ran.err
    assert "delivery: acme/default/order-2~1\n" in ran.err


def test_couriers_are_listed(cli, books):
    """
    Who has it and who had it, with when and why it was given back.
    """
    none = cli("couriers", DELIVERY)
    books.assignments = [
        Assignment(
            courier=Courier(id="7", name="Ada"), unassigned_at=NOW, unassigned_reason="flat\x1btire"
        ),
        Assignment(courier=Courier(id="8"), at_pickup_at=NOW),
    ]
    ran = cli("couriers", DELIVERY)
    told = cli("couriers", DELIVERY, "--json").out.splitlines()

    assert "The carrier tells of no courier yet.\n" == none.out
    assert ["COURIER", "7", "8"] == [line.split()[0] for line in ran.out.splitlines()]
    assert r"flat\x1btire" in ran.out
    assert books.assignments == [from_json(line, Assignment) for line in told]


def test_courier_is_rated(cli, books):
    """
    With one of the carrier's words and a comment.
    """
    given = ["--reason=ON_TIME", "--comment=Very kind."]
    ran = cli("rate", DELIVERY, "7", "good", *given)
    told = cli("rate", DELIVERY, "7", "bad", "--json")

    assert (Exit.OK, "The carrier was told: good.\n") == ran[:2]
    assert {"delivery": DELIVERY, "courier": "7", "opinion": "bad"} == json.loads(told.out)
    rating = Rating(opinion=Opinion.GOOD, reason="ON_TIME", comment="Very kind.")
    assert ("order-1~1", "7", rating) == books.asked[0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["good", "--reason=LATE"], "takes the reasons ON_TIME"),
        (["great"], "OPINION"),
        (["good", f"--comment={'x' * 1001}"], "--comment must"),
    ],
)
def test_wrong_rating_is_usage(cli, books, words, message):
    """
    Nothing is sent.
    """
    ran = cli("rate", DELIVERY, "7", *words)

    assert Exit.USAGE == ran.code
    assert message in ran.err
    assert [] == books.asked


@pytest.fixture(name="photo")
def _photo(books) -> Proof:
    """
    A photo at the dropoff.
    """
    books.proof = Proof(kind=ProofKind.PHOTO, content=b"\xff\xd8photo", media_type="image/jpeg")
    return books.proof


def test_proof_is_kept_for_its_owner_alone(cli, books, photo, tmp_path):
    """
    The bytes are in the file, which nobody else can read; what was printed is about it.
    """
    out = tmp_path / "photo.jpg"
    before = os.umask(0)
    try:
        ran = cli(*PROOF, "--out", str(out), "--json")
    finally:
        os.umask(before)

    assert photo.content == out.read_bytes()
    assert 0o600 == stat.S_IMODE(out.stat().st_mode)
    assert {
        "kind": "photo",
        "stop": "dropoff",
        "file": str(out),
        "bytes": 7,
        "media_type": "image/jpeg",
    } == json.loads(ran.out)
    assert [("order-1~1", "dropoff", "photo")] == books.asked


def test_file_that_is_there_is_not_overwritten(cli, books, photo, tmp_path):
    """
    It is refused before anything is fetched; with --force it is replaced, and private.
    """
    out = tmp_path / "photo.jpg"
    out.write_bytes(b"mine")
    out.chmod(0o644)
    refused = cli(*PROOF, "--out", str(out))

    assert (Exit.USAGE, "") == refused[:2]
    assert "--out is there already (--force overwrites it)" in refused.err
    assert ([], b"mine") == (books.asked, out.read_bytes())

    forced = cli(*PROOF, "--out", str(out), "--force")
    assert Exit.OK == forced.code
    assert "type   image/jpeg\n" in forced.out
    assert photo.content == out.read_bytes()
    assert 0o600 == stat.S_IMODE(out.stat().st_mode)
    assert [out] == list(tmp_path.iterdir())


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_link_is_not_followed(cli, photo, tmp_path, force):
    """
    Whatever a link in its place points to stays as it is.
    """
    other, link = tmp_path / "other", tmp_path / "photo.jpg"
    link.symlink_to(other)
    ran = cli(*PROOF, "--out", str(link), *force)

    assert not other.exists()
    assert (Exit.OK if force else Exit.USAGE) == ran.code


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_file_that_cannot_be_written_leaves_nothing(cli, photo, tmp_path, monkeypatch, force):
    """
    A full disk leaves no half of a photo, and what was there stays.
    """
    out = tmp_path / "photo.jpg"
    if force:
        out.write_bytes(b"mine")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("doorstep.cli._files._fill", full)
    ran = cli(*PROOF, "--out", str(out), *force)

    assert Exit.USAGE == ran.code
    assert "--out cannot be written (No space left on device)" in ran.err
    assert ([b"mine"] if force else []) == [one.read_bytes() for one in tmp_path.iterdir()]


@pytest.mark.parametrize("proof", [None, Proof(kind=ProofKind.PIN, url="https://acme.invalid/p")])
def test_nothing_to_fetch_is_told(cli, books, tmp_path, proof):
    """
    Exit code 3 and no file.
    """
    books.proof = proof
    out = tmp_path / "photo.jpg"
    ran = cli(*PROOF, "--out", str(out))

    assert (Exit.REFUSED, "There is nothing to fetch, or not yet.\n") == ran[:2]
    assert "null\n" == cli(*PROOF, "--out", str(out), "--json").out
    assert not out.exists()
