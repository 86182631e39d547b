"""
``doorstep store``: closed and opened on a marketplace, and by whose rule it reopens.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.cli.market import NOW, lost

from doorstep import from_json
from doorstep.cli._exit import Exit
from doorstep.cli._output import Output
from doorstep.cli._shop import state_parts
from doorstep.models import CloseReason, Closing, Closure, StoreState

CLOSE = ("store", "close", "acme", "store-1")


def test_closed_store_tells_when_it_opens_by_the_carriers_rule(cli, books):
    """
    Without an end the carrier has one of its own, and the answer says whose it is.
    """
    ran = cli(*CLOSE, "--reason=operational-issue", "--notes", "Flooded.")

    assert (Exit.OK, "") == (ran.code, ran.err)
    assert "takes orders  no\n" in ran.out
    assert "opens again   2026-12-06 18:00:00Z, by the carrier's own rule\n" in ran.out
    assert "closed for    operational_issue, since 2026-11-22 18:00:00Z, Flooded.\n" in ran.out
    assert Closing(reason=CloseReason.OPERATIONAL_ISSUE, notes="Flooded.") == books.closing


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("--for=2h", {"duration_s": 7_200}),
        ("--for=90m", {"duration_s": 5_400}),
        ("--for=1d12h5m", {"duration_s": 129_900}),
        ("--until=2026-11-23T09:00:00+01:00", {"until": datetime(2026, 11, 23, 8, tzinfo=UTC)}),
    ],
)
def test_store_is_closed_for_as_long_as_is_said(cli, books, given, expected):
    """
    An end or a duration; the answer says that it was asked for.
    """
    ran = cli(*CLOSE, "--reason=paused-by-store", given, "--json")

    assert Closing(reason=CloseReason.PAUSED_BY_STORE, **expected) == books.closing
    assert not from_json(ran.out, StoreState).reopens_by_carrier
    assert ", as was asked for\n" in cli("store", "show", "acme", "store-1").out


def test_store_is_opened_and_shown(cli, books):
    """
    Opening is one call; whether it takes orders can be asked at any time.
    """
    books.closing = Closing(reason=CloseReason.PAYMENT_ISSUE)
    ran = cli("store", "open", "acme", "store-1")
    shown = cli("store", "show", "acme", "store-1", "--json")

    assert (Exit.OK, "") == (ran.code, ran.err)
    assert "store         store-1\ntakes orders  yes\ninstructions  up to 200 characters\n" == (
        ran.out
    )
    assert from_json(shown.out, StoreState).open


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "requires an argument"),
        (["--reason=bored"], "--reason"),
        (["--reason=deleted"], "takes the reasons"),
        (["--reason=payment-issue", "--for=2h", "--until=2026-11-23T09:00:00Z"], "--until and"),
        (["--reason=payment-issue", "--for=2"], "--for must read like 2h, 90m or 1d12h"),
        (["--reason=payment-issue", "--for=0h"], "--for must read like 2h, 90m or 1d12h"),
        (["--reason=payment-issue", "--for="], "--for must read like 2h, 90m or 1d12h"),
        (["--reason=payment-issue", "--for=9999d"], "--for must"),
        (["--reason=payment-issue", "--until=2026-11-23T09:00:00"], "--until must read like"),
        (["--reason=payment-issue", "--until=2026-11-21T09:00:00Z"], "is over"),
        (["--reason=payment-issue", f"--notes={'x' * 501}"], "--notes must"),
    ],
)
def test_wrong_closing_is_usage(cli, books, words, message):
    """
    What cannot be is refused here, and the store stays open.
    """
    ran = cli(*CLOSE, *words)

    assert (Exit.USAGE, "") == ran[:2]
    assert message in ran.err
    assert books.closing is None


def test_store_that_nobody_knows_is_a_refusal(cli, books):
    """
    As with every command: the code and the error say so.
    """
    ran = cli("store", "show", "acme", "nowhere")

    assert Exit.REFUSED == ran.code
    assert "code: account_not_found" in ran.err


def test_lost_answer_leaves_the_store_in_doubt(cli, books):
    """
    It may be closed: exit code 5, as for whatever may have been done.
    """
    books.faults = [lost()]
    ran = cli(*CLOSE, "--reason=payment-issue")

    assert (Exit.UNKNOWN, "") == ran[:2]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"open": None}, "takes orders  not told\n"),
        ({"open": False}, "opens again   not by itself, as far as is told\n"),
        (
            {"open": False, "closures": [Closure(raw_reason="Owner's day off")]},
            "closed for    a reason of the carrier's (Owner's day off)\n",
        ),
        (
            {
                "open": False,
                "closures": [
                    Closure(
                        reason=CloseReason.OPERATIONAL_ISSUE,
                        raw_reason="Kitchen\x1b[2J",
                        until=NOW + timedelta(hours=1),
                    )
                ],
            },
            "closed for    operational_issue (Kitchen\\x1b[2J), until 2026-11-22 19:00:00Z\n",
        ),
    ],
)
def test_what_the_carrier_does_not_tell_is_not_guessed(capsys, state, expected):
    """
    Its own words stand beside ours, and are harmless.
    """
    Output().show(*state_parts(StoreState(store="s", **state)))

    assert expected in capsys.readouterr().out
