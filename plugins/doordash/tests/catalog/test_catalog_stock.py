"""
Items and options are sold out and offered again: the truth about each.
"""

from __future__ import annotations

import json

import pytest

from doorstep import errors as e
from doorstep.http import TransportError
from doorstep.models import ItemOutcome
from doorstep.outcome import Outcome

BOTH = pytest.mark.parametrize("operation", ["set_items", "set_options"])


@pytest.fixture(name="send")
def _send(catalog, ctx, run):
    def send(wishes, *answers, operation="set_items"):
        return run(getattr(catalog, operation)("s", wishes, ctx), *answers)

    return send


@pytest.fixture(name="current_send")
def _current_send(current, ctx, run):
    return lambda wishes, *answers: run(current.set_items("s", wishes, ctx), *answers)


def _told(ran):
    return {one.id: (one.outcome.value, one.raw_outcome) for one in ran.value}


def _batches(ran):
    return [
        [one["merchant_supplied_id"] for one in json.loads(request.body)]
        for request in ran.requests
        if request.body
    ]


@BOTH
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\n"])
def test_success_without_a_body_is_applied(send, answer, off, operation, body):
    """
    No body is documented for a 200: it stands for all that was asked.
    """
    ran = send(off("taco", "soup"), answer(body), operation=operation)

    assert {"taco": ("applied", None), "soup": ("applied", None)} == _told(ran)


@BOTH
def test_f050_partial_success_is_told_for_each(send, answer, off, said, operation):
    """
    A 400 that lists results is no refusal: what it says was applied was applied.
    """
    body = said(("taco", "Success"), ("nope", "Item not found"), ("soup", "Server Error"))
    ran = send(off("soup", "taco", "nope"), answer(body, 400), operation=operation)

    assert {
        "soup": ("failed", "Server Error"),
        "taco": ("applied", "Success"),
        "nope": ("not_found", "Item not found"),
    } == _told(ran)
    assert ["soup", "taco", "nope"] == [one.id for one in ran.value]


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("Success", ItemOutcome.APPLIED),
        ("SUCCESS ", ItemOutcome.APPLIED),
        ("Item not found", ItemOutcome.NOT_FOUND),
        ("Not Found", ItemOutcome.NOT_FOUND),
        ("Server Error", ItemOutcome.FAILED),
        ("Erreur du serveur", ItemOutcome.FAILED),
        ("A new word", ItemOutcome.UNKNOWN),
        ("", ItemOutcome.UNKNOWN),
        (7, ItemOutcome.UNKNOWN),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_f050_words_are_read_as_the_table_means_them(
    send, answer, off, said, word, outcome, status
):
    """
    Also the shifted column and the translated row of DoorDash's page; a word that nobody
    described is kept, and does not say that the item is as it was.
    """
    (result,) = send(off("taco"), answer(said(("taco", word)), status)).value

    assert outcome is result.outcome
    assert (word if isinstance(word, str) else None) == result.raw_outcome
    assert result.available is False


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("Success", "Success"), ("applied", "Success")),
        (("Success", "Server Error"), ("unknown", "Server Error")),
        (("Success", "Item not found"), ("unknown", "Item not found")),
        (("Item not found", "Server Error"), ("failed", "Server Error")),
        (("A new word", "Server Error"), ("unknown", "A new word")),
    ],
)
def test_f050_item_in_several_places_is_told_as_it_is(
    send, answer, off, said, order, words, expected
):
    """
    An item in several places of a menu has several results: changed in one of them and not
    in another, it is neither applied nor as it was before.
    """
    pairs = [("taco", word) for word in words[::order]]
    ran = send(off("taco"), answer(said(*pairs), 400))

    assert {"taco": expected} == _told(ran)


@pytest.mark.parametrize("status", [200, 400])
def test_f050_answer_about_others_alone_says_nothing_of_ours(send, answer, off, said, status):
    """
    Results of ids that nobody asked for are somebody else's: nothing of ours was confirmed.
    """
    with pytest.raises(e.InvalidAnswerError, match="about something else"):
        send(off("taco"), answer(said(("other", "Success")), status))


@pytest.mark.parametrize("large", [False, True])
def test_f050_repeat_that_failed_does_not_speak_of_the_first_try(send, answer, off, said, large):
    """
    What failed when it was sent again may have been changed by the try before.
    """
    body = said(("taco", "Server Error"), ("soup", "Success"), ("nope", "Not Found"))
    told = answer(b"" if large else body, 413 if large else 400, repeated=True)
    ran = send(off("taco") if large else off("taco", "soup", "nope"), told)

    rest = {"soup": "applied", "nope": "not_found"}
    assert {"taco": "unknown", **({} if large else rest)} == {
        one.id: one.outcome.value for one in ran.value
    }


def test_f050_ids_that_nobody_asked_for_are_ignored(send, answer, off, said):
    """
    And one that a 400 leaves out is left out: the core calls it unknown.
    """
    ran = send(off("taco", "soup"), answer(said(("taco", "Success"), ("other", "Success")), 400))

    assert {"taco": ("applied", "Success")} == _told(ran)


def test_f050_odd_entries_hide_no_others(send, answer, off, said):
    """
    What is no result is passed over; an id may come as a number.
    """
    body = [None, "x", {}, {"merchant_supplied_id": "taco"}, *said((7, "Success"), (None, "x"))]
    ran = send(off("7", "taco"), answer(body, 400))

    assert {"7": ("applied", "Success")} == _told(ran)


def test_success_that_names_a_failure_is_believed(send, answer, off, said):
    """
    A 200 stands for what it does not speak of, and for nothing that it denies.
    """
    ran = send(off("taco", "nope"), answer(said(("nope", "Item not found"))))

    assert {"taco": ("applied", None), "nope": ("not_found", "Item not found")} == _told(ran)


def test_single_result_is_read(send, answer, off, said):
    """
    The legacy page shows one object where others show a list.
    """
    ran = send(off("taco"), answer(said(("taco", "Item not found"))[0], 400))

    assert {"taco": ("not_found", "Item not found")} == _told(ran)


def test_page_on_the_way_applies_nothing(send, answer, off):
    """
    A 200 that is no JSON is not DoorDash's.
    """
    with pytest.raises(e.InvalidAnswerError):
        send(off("taco"), answer(b"<html>Log in</html>"))


@pytest.mark.parametrize("body", [b"", b"<html>", {"code": "x", "message": "m"}, [], [{}], [1]])
def test_400_without_results_is_a_refusal(send, answer, off, body):
    """
    Nothing of it was taken, and it is not sent again.
    """
    with pytest.raises(e.ValidationError) as caught:
        send(off("taco"), answer(body, 400))

    assert Outcome.REJECTED is caught.value.booked


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, e.AuthenticationError),
        (403, e.AccountForbiddenError),
        (429, e.RateLimitedError),
        (500, e.CarrierInternalError),
    ],
)
@BOTH
def test_refusal_of_all_is_raised(send, answer, off, operation, status, expected):
    """
    What cannot be the fault of single wishes stands for none of them.
    """
    with pytest.raises(expected):
        send(off("taco", "soup"), answer(b"", status), operation=operation)


def test_f050_404_is_settled_by_reading_the_store(current_send, answer, off):
    """
    If the store is there, it was the items that are not.
    """
    ran = current_send(off("taco", "soup"), answer(b"", 404), answer({}))

    assert {"taco": ("not_found", None), "soup": ("not_found", None)} == _told(ran)
    assert ("/api/v1/stores/s/store_details", True) == (
        ran.requests[1].target,
        ran.requests[1].recovery,
    )


@pytest.mark.parametrize("status", [404, 403, 500])
def test_404_of_a_store_is_the_account(current_send, answer, off, status):
    """
    If the store cannot be read, nobody says that it was the items.
    """
    with pytest.raises(e.AccountNotFoundError):
        current_send(off("taco"), answer(b"", 404), answer(b"", status))


def test_404_stands_when_the_store_cannot_be_asked(current_send, answer, off):
    """
    A look that fails takes nothing back: the wishes were refused.
    """
    with pytest.raises(e.AccountNotFoundError):
        current_send(off("taco"), answer(b"", 404), TransportError("reset", sent=True))


def test_f050_404_to_a_repeat_is_not_settled_by_the_store(current_send, answer, off):
    """
    Whether the store is there does not say what the try before did to the items.
    """
    with pytest.raises(e.AccountNotFoundError):
        current_send(off("taco"), answer(b"", 404, repeated=True))


def test_legacy_404_is_the_store(legacy, ctx, run, answer, off):
    """
    It has one meaning there, and no question follows.
    """
    with pytest.raises(e.AccountNotFoundError):
        run(legacy.set_items("s", off("taco"), ctx), answer(b"", 404))


def test_f050_too_many_are_halved(send, answer, off):
    """
    And again, until they are taken; each is sent once to the end.
    """
    large = answer(b"", 413)
    ran = send(off(*"abcde"), large, large, answer(), answer(), answer())

    assert [list("abcde"), ["a", "b"], ["a"], ["b"], list("cde")] == _batches(ran)
    assert dict.fromkeys("abcde", ("applied", None)) == _told(ran)


def test_f050_one_that_is_too_large_by_itself_has_failed(send, answer, off):
    """
    Nothing is left to halve.
    """
    large = answer(b"", 413)
    ran = send(off("a", "b"), large, large, answer())

    assert {"a": ("failed", None), "b": ("applied", None)} == _told(ran)


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (TransportError("reset", sent=True), {}),
        (TransportError("connect", sent=False), {"c": "not_sent", "d": "not_sent"}),
        ((b"", 500), {}),
        ((b"", 401), {"c": "failed", "d": "failed"}),
        ((b"<html>", 200), {}),
    ],
)
def test_f050_trouble_in_one_half_is_not_told_of_the_other(send, answer, off, trouble, expected):
    """
    What was applied before stays applied, and what was never sent is told as such.
    """
    large, odd = answer(b"", 413), trouble
    if isinstance(trouble, tuple):
        odd = answer(*trouble)
    ran = send(off(*"abcdefgh"), large, large, answer(), odd)

    assert {
        "a": "applied",
        "b": "applied",
        **expected,
        **dict.fromkeys("efgh", "not_sent"),
    } == {one.id: one.outcome.value for one in ran.value}


def test_f050_refused_repeat_of_a_half_leaves_it_unknown(send, answer, off):
    """
    The first try may have been taken, whatever is said of the second.
    """
    refused = answer(b"", 401, repeated=True)
    ran = send(off("a", "b"), answer(b"", 413), answer(), refused)

    assert {"a": ("applied", None)} == _told(ran)


def test_f050_refused_half_of_what_was_sent_before_is_unknown(send, answer, off):
    """
    The first try of the whole got a 500, and may have changed what the halves do not.
    """
    large = answer(b"", 413, repeated=True)
    ran = send(off("a", "b", "c", "d"), large, answer(), answer(b"", 429))

    assert {"a": ("applied", None), "b": ("applied", None)} == _told(ran)

    ran = send(off("a", "b", "c", "d"), large, large, answer(), answer(b"", 429))

    assert {"a": ("applied", None)} == _told(ran)


def test_trouble_with_the_first_half_is_raised(send, answer, off):
    """
    Nothing was changed that the error could hide.
    """
    with pytest.raises(e.AuthenticationError):
        send(off("a", "b"), answer(b"", 413), answer(b"", 401))
