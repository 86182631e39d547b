"""
``doorstep demo``: the whole story, in a pipe and as JSON lines.
"""

from __future__ import annotations

import json

import attrs

from doorstep import from_json
from doorstep.capabilities import QuoteKind
from doorstep.cli._exit import Exit
from doorstep.models import Delivery, Quote, RefundDecision, RefundStatus, Status
from doorstep.testing import FakeProvider

STEPS = ["connect", "quote", "dispatch", "track", "cancel", "refund", "books"]


def steps(text: str) -> dict[str, list[dict]]:
    """
    Return the lines of each step, by name.
    """
    found: dict[str, list[dict]] = {}
    for line in text.splitlines():
        held = json.loads(line)
        found.setdefault(held["step"], []).append(held)
    return found


def test_demo_tells_the_whole_story(cli):
    """
    Quote, dispatch, the way, a late cancel, a refund, the books: each with its call.
    """
    ran = cli("demo", "--fast")

    assert (Exit.OK, "") == (ran.code, ran.err)
    for text in (
        '>>> courier = doorstep.connect("acme", **simulator.credentials())',
        ">>> quotes = courier.quote(request)",
        "9.75 USD, holds until",
        ">>> delivery = courier.dispatch(request, quote=quotes[0]",
        "to_pickup     Ada\n",
        "delivered     Ada\n",
        "NotCancellableError: acme: cancel was refused",
        "error.booked is 'rejected': nothing was done.",
        "error.retryable is 'no'",
        "decision           full\n",
        "tip back           not told\n",
        "1 delivery, all in all.",
        "Where to go next",
    ):
        assert text in ran.out
    assert "Lovelace" not in ran.out


def test_demo_as_json_lines_holds_the_values(cli):
    """
    Each step is named, in order, and its value is a neutral one.
    """
    found = steps(cli("demo", "--fast", "--json").out)
    track = [from_json(json.dumps(one["value"]), Delivery) for one in found["track"][1:]]
    decision = from_json(json.dumps(found["refund"][1]["value"]), RefundDecision)

    assert list(found) == STEPS
    assert from_json(json.dumps(found["quote"][1]["value"]), Quote).binding
    assert Status.DELIVERED is track[-1].status
    assert "not_cancellable" == found["cancel"][1]["error"]["code"]
    assert RefundStatus.FULL is decision.status
    assert 1 == len(found["books"][1]["books"])


def test_demo_takes_no_setting_of_the_user(cli, server):
    """
    It talks to its own simulator, whatever the environment says.
    """
    ran = cli("demo", "--fast")

    assert {} == server.carriers
    assert "acme/demo/demo-" in ran.out


def test_demo_asks_which_when_there_are_several(cli, acme, tmp_path, monkeypatch):
    """
    Nobody is guessed; the names are told.
    """
    acme.write_plugin(tmp_path / "more", "bolt")
    monkeypatch.syspath_prepend(str(tmp_path / "more"))
    monkeypatch.setenv("DOORSTEP_PLUGINS", "acme=doorstep-acme,bolt=doorstep-bolt")
    ran = cli("demo", "--fast")

    assert Exit.USAGE == ran.code
    assert "NAME must be one of acme, bolt" in ran.err


def test_demo_without_a_simulator_says_what_to_install(cli, monkeypatch):
    """
    A plugin without its extra is an installation to complete.
    """
    monkeypatch.setattr("doorstep.registry._registry.find", dict)
    ran = cli("demo", "--fast")

    assert Exit.PLUGIN == ran.code
    assert "install a carrier's plugin with its extra 'simulator'" in ran.err


def test_demo_stops_the_simulator_whatever_happens(cli, acme, monkeypatch):
    """
    No server stays behind when a step fails.
    """
    stopped = []
    stop = acme.AcmeServer.stop

    def note_stop(server):
        stopped.append(1)
        stop(server)

    monkeypatch.setattr(acme.AcmeServer, "stop", note_stop)
    monkeypatch.setattr(FakeProvider, "quote", lambda *_: 1 // 0)
    ran = cli("demo", "--fast")

    assert Exit.OK != ran.code
    assert [1] == stopped


def test_demo_asks_for_nothing_that_the_account_cannot_do(cli, acme, monkeypatch):
    """
    A poor carrier has a demo too: what it cannot do is left out, and never asked for.
    """
    build = acme.build
    addresses = frozenset({"pickup.address.one_line", "dropoff.address.one_line"})
    poor = attrs.evolve(
        FakeProvider().capabilities, quote=QuoteKind.NONE, refund_request=False, inputs=addresses
    )
    monkeypatch.setattr(
        acme, "build", lambda *given: attrs.evolve(build(*given), capabilities=poor)
    )
    ran = cli("demo", "--fast", "--json")

    assert Exit.OK == ran.code
    assert ["connect", "dispatch", "track", "cancel", "books"] == list(steps(ran.out))
