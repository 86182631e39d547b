"""
What reading a delivery promises.
"""

from __future__ import annotations

import pytest

from doorstep.errors import DeliveryNotFoundError, InvalidAnswerError
from doorstep.models import Delivery, DeliveryId, Status
from doorstep_contracts.case import A_DAY_S, Case
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._contract import Contract
from doorstep_contracts.tapes import Tape, replay

__all__ = ["TrackingContract"]

_WORD = "a_word_that_nobody_knows"


class TrackingContract(Contract):
    """
    Where a delivery is, in words that are never guessed.
    """

    @promise("track", "reads the one that was asked for", carrier=True)
    def test_track_reads_the_same_delivery(self, case: Case) -> None:
        """
        What was dispatched can be tracked, under the same id, also from its text.

        If this fails: put the carrier's id into the path, in _provider.py.
        """
        with case.client() as client:
            booked = case.book(client)
            read, again = client.track(booked.id), client.track(str(booked.id))

        assert booked.id == read.id == again.id

    @promise("track", "another's answer is not believed")
    def test_news_of_another_delivery_are_not_believed(self, tapes: dict[str, Tape]) -> None:
        """
        An answer that names another delivery than the one that was asked for is an error.

        If this fails: compare the id in the answer with the one that was asked for, in
        _mapping.py.
        """
        tape = _tracked(tapes)
        own = tape.value.id.value.encode()
        if own not in tape.answers[0].body:
            pytest.skip("the carrier's answer does not say which delivery it is about")
        with pytest.raises(InvalidAnswerError):
            replay(tape, lambda body: body.replace(own, b"somebody-elses-delivery"))

    @promise("track", "unknown ids are not found", carrier=True)
    def test_unknown_delivery_is_not_found(self, case: Case) -> None:
        """
        An id that the carrier does not know is a DeliveryNotFoundError.

        If this fails: map the carrier's code for it, in _errors.py.
        """
        nobody = DeliveryId(case.provider.name, case.provider.account, "nobody-knows-this-1")
        with case.client() as client, pytest.raises(DeliveryNotFoundError):
            client.track(nobody)

    @promise("find", "finds what was booked, and nothing else", claims="recovery", carrier=True)
    def test_find_knows_what_was_booked(self, case: Case) -> None:
        """
        A reference leads to its delivery; one that was never dispatched to None.

        If this fails: look up by the caller's reference and revision, in _provider.py.
        """
        if case.can.recovery != "by_reference":
            pytest.skip("not claimed: recovery by reference")
        request = case.fresh()
        with case.client() as client:
            booked = case.book(client, request)
            found = client.find(request.reference, request.revision)
            nothing = client.find(case.fresh().reference)

        assert found is not None
        assert (booked.id, None) == (found.id, nothing)

    @promise("track", "ends when the courier is done", carrier=True)
    def test_delivery_ends(self, case: Case) -> None:
        """
        A day later the delivery has ended, in a status that is claimed, and the books
        agree.

        If this fails: complete the table of statuses, in _mapping.py, and
        capabilities.reports.
        """
        assert case.carrier is not None
        with case.client() as client:
            booked = case.book(client)
            case.carrier.pass_time(A_DAY_S)
            read = client.track(booked.id)

        assert read.status.terminal
        assert read.status in case.can.reports
        assert [False] == [one.live for one in case.carrier.books()]

    @promise("track", "unknown words stay unknown")
    def test_unknown_status_is_kept_and_never_guessed(
        self, case: Case, tapes: dict[str, Tape]
    ) -> None:
        """
        A status that nobody has described is UNKNOWN with the carrier's word beside it;
        nothing is raised.

        If this fails: look words up in a table, with UNKNOWN for the rest, in
        _mapping.py; declare them as text in _wire.py, not as an enum.
        """
        tape = _tracked(tapes)
        word = tape.value.raw_status
        if not word:
            pytest.skip("the provider keeps no raw_status")
        read = replay(tape, lambda body: body.replace(word.encode(), _WORD.encode()))

        assert isinstance(read, Delivery)
        assert (read.status, read.raw_status) == (Status.UNKNOWN, _WORD)

    @promise("track", "new fields do no harm")
    def test_new_fields_do_no_harm(self, tapes: dict[str, Tape]) -> None:
        """
        A field that nobody has described changes nothing.

        If this fails: ignore what _wire.py does not name.
        """
        tape = _tracked(tapes)
        grown = replay(tape, lambda body: body.replace(b"{", b'{"new_field_xyz":[{"a":1}],', 1))

        assert tape.value == grown


def _tracked(tapes: dict[str, Tape]) -> Tape:
    if "track" not in tapes:
        pytest.skip("no recording of track, and no server")
    return tapes["track"]
