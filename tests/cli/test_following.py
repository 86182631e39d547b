"""
The commands for a delivery that exists: track, update, cancel, refund.
"""

from __future__ import annotations

import json

import pytest

from doorstep import from_json
from doorstep.cli._exit import Exit
from doorstep.errors import NoCapacityError
from doorstep.models import (
    Cancellation,
    Courier,
    Delivery,
    RefundDecision,
    RefundStatus,
    Status,
)


def test_track_shows_what_is_known(cli, booked):
    """
    The id is enough to find the provider and the account.
    """
    ran = cli("track", booked)

    assert Exit.OK == ran.code
    assert f"delivery          {booked}\n" in ran.out
    assert "status            to_pickup\n" in ran.out
    assert "courier           Ada Lovelace\n" in ran.out


def test_watch_prints_a_line_for_each_change(cli, booked):
    """
    Without a terminal there is one line per change, and it ends with the delivery.
    """
    ran = cli("track", booked, "--watch", "--every", "0.01")
    lines = ran.out.splitlines()

    assert Exit.OK == ran.code
    assert 3 == len(lines)
    assert "  to_pickup  courier Ada Lovelace" in lines[0]
    assert "  delivered  courier Ada Lovelace  completed, by courier" in lines[2]


def test_watch_prints_json_lines(cli, booked):
    """
    Every line is a whole delivery.
    """
    ran = cli("track", booked, "--watch", "--every", "0.01", "--json")
    found = [from_json(line, Delivery).status for line in ran.out.splitlines()]

    assert [Status.TO_PICKUP, Status.TO_DROPOFF, Status.DELIVERED] == found


def test_watch_outlives_a_busy_carrier(cli, booked, server):
    """
    What passes is a warning.
    """
    server.carrier().refuse_next(NoCapacityError)
    ran = cli("track", booked, "--watch", "--every", "0.01")

    assert Exit.OK == ran.code
    assert ran.err.startswith("warning: acme: track was refused")


def test_notes_are_json_where_json_is_asked_for(cli, booked, server):
    """
    Every line of both streams can be parsed.
    """
    server.carrier().refuse_next(NoCapacityError)
    ran = cli("track", booked, "--watch", "--every", "0.01", "--json")

    assert Exit.OK == ran.code
    assert json.loads(ran.err)["note"].startswith("warning: acme: track was refused")


def test_watch_gives_up_on_a_carrier_that_stays_busy(cli, booked, server):
    """
    Each error that passes is a warning; the last of too many ends it, to be tried later.
    """
    for _ in range(20):
        server.carrier().refuse_next(NoCapacityError)
    ran = cli("track", booked, "--watch", "--every", "0.001")

    assert Exit.UNAVAILABLE == ran.code
    assert 8 == ran.err.count("warning: acme: track was refused")
    assert "code: no_capacity" in ran.err


def test_watch_ends_at_once_with_a_refusal(cli, booked):
    """
    A delivery that the carrier does not know is not waited for.
    """
    ran = cli("track", booked + "0", "--watch")

    assert (Exit.REFUSED, "") == (ran.code, ran.out)
    assert "warning" not in ran.err


def test_watch_of_a_delivery_that_has_ended_does_not_wait(cli, booked, server):
    """
    There is one line, and nothing to wait for.
    """
    server.carrier().advance(booked, Status.DELIVERED)
    ran = cli("track", booked, "--watch", "--every", "3600")

    assert Exit.OK == ran.code
    assert 1 == len(ran.out.splitlines())


@pytest.mark.parametrize("every", ["0", "-1", "3601", "nan"])
def test_watch_does_not_hammer(cli, booked, every):
    """
    The time between two questions has bounds.
    """
    ran = cli("track", booked, "--watch", f"--every={every}")

    assert Exit.USAGE == ran.code


@pytest.mark.parametrize("words", [["track"], ["cancel"], ["update", "--tip=1 USD"]])
def test_id_that_is_none_is_refused(cli, words):
    """
    A mistyped id is the caller's mistake.
    """
    ran = cli(words[0], "order-118", *words[1:])

    assert Exit.USAGE == ran.code
    assert "must read provider/account/id" in ran.err


def test_hostile_names_are_harmless(cli, booked, server):
    """
    A courier's name moves no cursor, sets no title, and is no markup.
    """
    server.courier = Courier(name="\x1b]0;owned\x07[red]Eve[/red]\u202e")
    ran = cli("track", booked)

    assert r"\x1b]0;owned\x07[red]Eve[/red]\u202e" in ran.out
    assert "\x1b" not in ran.out


def test_update_changes_what_is_given(cli, booked):
    """
    The answer shows the delivery as it is now.
    """
    ran = cli("update", booked, "--tip", "6.00 USD")

    assert Exit.OK == ran.code
    assert "6.00 USD" in ran.out


def test_cancel_tells_whether_it_is_done(cli, booked):
    """
    Confirmed or only accepted is shown, in both forms.
    """
    ran = cli("cancel", booked, "--reason", "mistake", "--json")
    again = cli("cancel", booked)

    assert from_json(ran.out, Cancellation).confirmed
    assert again.out.startswith("cancelled    yes\n")


def test_late_cancel_is_refused(cli, booked, server):
    """
    The delivery goes on, and the code says that nothing happened.
    """
    server.carrier().advance(server.carrier().deliveries[0].id, Status.TO_DROPOFF)
    ran = cli("cancel", booked)

    assert Exit.REFUSED == ran.code
    assert "code: not_cancellable" in ran.err


def test_refund_shows_the_whole_decision(cli, booked, server):
    """
    Status, code, message and the three amounts are there, told or not.
    """
    ran = cli("refund", booked, "never-delivered")
    names = [line.split("  ")[0] for line in ran.out.splitlines()]

    assert Exit.OK == ran.code
    assert [
        "decision",
        "reason",
        "carrier's status",
        "code",
        "message",
        "order value back",
        "tip back",
        "delivery fee back",
        "back in all",
    ] == names
    assert "decision           denied\n" in ran.out


def test_refund_is_a_decision_even_if_denied(cli, booked):
    """
    In JSON it is the neutral value.
    """
    ran = cli("refund", booked, "never_delivered", "--json")

    assert RefundStatus.DENIED is from_json(ran.out, RefundDecision).status


def test_unclear_decision_is_to_be_looked_up(cli, booked, server, monkeypatch):
    """
    A decision that nobody has described is an unknown outcome.
    """
    unclear = RefundDecision(status=RefundStatus.UNKNOWN, raw_status="maybe")
    monkeypatch.setattr(type(server.carrier()), "_refund", lambda *_: unclear)
    ran = cli("refund", booked, "never_delivered")

    assert Exit.UNKNOWN == ran.code
    assert "maybe" in ran.out
