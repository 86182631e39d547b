"""
The command line against DoorDash's simulator, over HTTP, in processes of its own.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from doorstep import from_json
from doorstep.cli import main
from doorstep.models import (
    Cancellation,
    Delivery,
    ItemResults,
    Money,
    Quote,
    RefundDecision,
    RefundStatus,
    Status,
    Store,
    StoreState,
)

OPTIONS = (
    "--reference=order-118",
    "--pickup-address=901 Market Street, San Francisco, CA 94103",
    "--pickup-name=The Corner Bakery",
    "--pickup-phone=+16505555555",
    "--dropoff-address=1 Ferry Building, San Francisco, CA 94111",
    "--dropoff-given-name=Ada",
    "--dropoff-phone=+16505555556",
    "--order-value=19.99 USD",
    "--tip=5.00 USD",
)


@pytest.fixture(name="clean", autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("DOORSTEP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DOORSTEP_PLUGINS", "doordash=doorstep-doordash")


@pytest.fixture(name="simulated")
def _simulated(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """
    What ``doorstep simulate doordash --json`` told, its variables set.
    """
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    words = ["simulate", "doordash", "--json", "--speed", "0"]
    command = [sys.executable, "-m", "doorstep.cli", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        for name, value in told["environment"].items():
            monkeypatch.setenv(name, value)
        yield told
        process.send_signal(signal.SIGTERM)
        assert 0 == process.wait(30)


@pytest.fixture(name="cli")
def _cli(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """
    Run a command in this process.
    """

    def run(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = main(words)
        printed = capsys.readouterr()
        return int(code), printed.out, printed.err

    return run


def test_demo_follows_a_delivery_to_the_refund(cli):
    """
    The demo of the one plugin that is installed runs from the quote to the carrier's books.
    """
    code, out, err = cli("demo", "--fast", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    values = {line["step"]: line for line in lines}
    delivery = from_json(json.dumps(values["track"]["value"]), Delivery)
    decision = from_json(json.dumps(values["refund"]["value"]), RefundDecision)

    assert (0, "") == (code, err)
    assert Status.DELIVERED is delivery.status
    assert delivery.courier is not None
    assert ("not_cancellable", "rejected", "no") == tuple(
        values["cancel"]["error"][name] for name in ("code", "booked", "retryable")
    )
    assert (RefundStatus.PARTIAL, Money(1000, "USD")) == (decision.status, decision.order_value)
    assert [(1, 1)] == [(one["commits"], one["attempts"]) for one in values["books"]["books"]]


def test_demo_closes_a_shop_and_sells_out(cli):
    """
    The truth about each: what the carrier says when it is asked, and what customers see.
    """
    code, out, _ = cli("demo", "--fast", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    shown = {line["step"]: line["shown"] for line in lines if "shown" in line}
    values = {line["step"]: json.dumps(line["value"]) for line in lines if "value" in line}
    closed = from_json(values["close"], StoreState)
    results = from_json(values["sell_out"], ItemResults)

    assert 0 == code
    assert {"close": [], "open": ["burrito", "soup", "taco"], "sell_out": ["taco"]} == shown
    assert (False, True, False) == (
        closed.open,
        closed.reopens_at is not None,
        closed.reopens_by_carrier,
    )
    assert from_json(values["open"], StoreState).open
    assert ["applied", "applied", "not_found"] == [one.outcome.value for one in results.results]


def test_shop_is_kept_on_the_command_line(cli, simulated, tmp_path):
    """
    Closed by the carrier's rule, opened, sold out from a table, and looked at.
    """
    closed = cli("store", "close", "doordash", "store-1", "--reason=operational-issue")
    opened = cli("store", "open", "doordash", "store-1", "--json")
    table = tmp_path / "items.csv"
    table.write_bytes(b"\xef\xbb\xbfid,available\r\nburrito,false\r\nghost,false\r\n")
    partly = cli("items", "doordash", "store-1", "--csv", str(table))
    options = cli("options", "doordash", "store-1", "--off", "guacamole")
    nothing = cli("items", "doordash", "store-1", "--off", "ghost")

    assert 0 == closed[0]
    assert ", by the carrier's own rule\n" in closed[1]
    assert from_json(opened[1], StoreState).open
    assert 7 == partly[0]
    assert "ghost  off     not found  Item not found\n1 of 2 applied" in partly[1]
    assert (0, "1 of 1 applied\n", "") == options
    assert 3 == nothing[0]


def test_businesses_are_kept_on_the_command_line(cli, simulated):
    """
    A business and its store, registered, listed and changed.
    """
    made = cli("businesses", "create", "doordash", "bakery", "--name", "The Bakery")
    words = ["bakery", "corner", "--name=Corner", "--address=901 Market Street, San Francisco"]
    store = cli("stores", "create", "doordash", *words, "--json")
    listed = cli("stores", "list", "doordash", "bakery", "--json")
    changed = cli("stores", "update", "doordash", "bakery", "corner", "--name=The Corner")

    assert [0, 0, 0, 0] == [made[0], store[0], listed[0], changed[0]]
    assert ["corner"] == [from_json(line, Store).id for line in listed[1].splitlines()]
    assert "The Corner\n" in changed[1]
    assert "bakery" in cli("businesses", "list", "doordash")[1]


def test_delivery_lives_on_the_command_line(cli, simulated):
    """
    Quoted by one command, booked, found, changed, refused a refund and cancelled by others.
    """
    _, quoted, _ = cli("quote", "doordash", *OPTIONS, "--json")
    code, out, err = cli("dispatch", "doordash", *OPTIONS, "--quote", "-", "--json", stdin=quoted)
    booked = from_json(out, Delivery)

    assert (0, "") == (code, err)
    assert from_json(quoted, Quote).price == booked.price
    assert out == cli("find", "doordash", "order-118", "--json")[1]

    tipped = cli("update", str(booked.id), "--tip", "6.00 USD", "--json")[1]
    assert Money(600, "USD") == from_json(tipped, Delivery).tip
    refused = cli("refund", str(booked.id), "never_delivered", "--json")[1]
    assert RefundStatus.DENIED is from_json(refused, RefundDecision).status
    cancelled = cli("cancel", str(booked.id), "--json")[1]
    assert from_json(cancelled, Cancellation).confirmed
    tracked = from_json(cli("track", str(booked.id), "--json")[1], Delivery)
    assert Status.CANCELLED is tracked.status


def test_dispatching_twice_books_once(cli, simulated):
    """
    The same command again shows the first delivery.
    """
    first = cli("dispatch", "doordash", *OPTIONS, "--json")[1]
    code, second, _ = cli("dispatch", "doordash", *OPTIONS, "--json")

    assert 0 == code
    assert from_json(first, Delivery).id == from_json(second, Delivery).id


def test_wrong_credentials_are_refused_and_not_shown(cli, simulated, monkeypatch):
    """
    The code is that of a refusal, and no part of the secret is printed.
    """
    secret = "d3JvbmctYnV0LXdlbGwtZm9ybWVkLXNpZ25pbmcta2V5"
    monkeypatch.setenv("DOORSTEP_DOORDASH_SIGNING_SECRET", secret)
    code, out, err = cli("quote", "doordash", *OPTIONS)

    assert (3, "") == (code, out)
    assert "code: authentication" in err
    assert secret not in err


def test_faraway_address_is_refused(cli, simulated):
    """
    What the carrier does not serve is a refusal with nothing booked, and no address is shown.
    """
    words = [one.replace("1 Ferry", "1 Faraway") for one in OPTIONS]
    code, _, err = cli("dispatch", "doordash", *words)

    assert 3 == code
    assert "booked: rejected" in err
    assert "Faraway" not in err


def test_plugin_is_listed_with_its_version(cli):
    """
    The distribution is found by its metadata.
    """
    code, out, _ = cli("providers", "--json")
    rows = {row["name"]: row for row in map(json.loads, out.splitlines())}

    assert 0 == code
    assert ("doorstep-doordash", "ok") == (
        rows["doordash"]["distribution"],
        rows["doordash"]["state"],
    )
