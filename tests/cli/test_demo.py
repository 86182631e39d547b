"""
``doorstep demo``: the whole story, in a pipe and as JSON lines.
"""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from doorstep import from_json
from doorstep.capabilities import QuoteKind
from doorstep.cli._exit import Exit
from doorstep.models import Delivery, Quote, RefundDecision, RefundStatus, Status
from doorstep.simulation import SimulatorClock, WebhookSender
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
        "decision           full refund\n",
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


@pytest.fixture(name="telling")
def _telling(acme: Any, monkeypatch: pytest.MonkeyPatch) -> type:
    """
    Let the simulator move its couriers by itself, and tell of it by webhooks.
    """

    class TellingServer(acme.AcmeServer):  # type: ignore[misc,name-defined]
        walks = False

        def __init__(self, options: Any = None) -> None:
            super().__init__(attrs.evolve(options or acme.AcmeOptions(), walks=self.walks))
            self.clock = SimulatorClock()
            self.webhooks = WebhookSender(self.clock, look=self._look)

        def _look(self) -> None:
            with self._lock:
                carriers = list(self.carriers.values()) if self.clock.speed > 1 else []
                for carrier in carriers:
                    for one in carrier.deliveries:
                        if not one.status.terminal:
                            carrier.clock.step(300)
                            self._walk(carrier, one.id.value)
                            told = carrier.webhook(one.id)
                            self.webhooks.send("moved", told.body)

        def start(self) -> None:
            super().start()
            self.webhooks.configure(headers={"Authorization": "Word of the fake carrier"})
            self.webhooks.start()

        def stop(self) -> None:
            self.webhooks.stop()
            super().stop()

    monkeypatch.setattr(acme, "AcmeServer", TellingServer)
    return TellingServer


def test_demo_follows_a_delivery_by_webhooks(cli, telling):
    """
    Where the simulator tells by itself, each event is shown as it comes, and all of
    them once more change nothing.
    """
    ran = cli("demo", "--fast")

    assert (Exit.OK, "") == (ran.code, ran.err)
    for text in (
        ">>> app = doorstep.webhooks.wsgi(courier)",
        "Webhooks are received at http://127.0.0.1:",
        ">>> for delivery in courier.watch(delivery.id): ...",
        "  to_pickup                         ",
        "  delivered                         ",
        "Asked as well, the carrier confirms: ",
        "3 webhooks came again: 0 brought news, and it is delivered still.",
        "1 delivery, all in all.",
    ):
        assert text in ran.out


def test_demo_by_webhooks_as_json_lines(cli, telling):
    """
    What is heard has lines of its own, and the end is a neutral value as ever.
    """
    found = steps(cli("demo", "--fast", "--json").out)
    heard = {one["event"]: one["change"] for one in found["listen"] if "event" in one}
    last = from_json(json.dumps(found["track"][-1]["value"]), Delivery)

    assert {*STEPS, "listen", "repeat"} == set(found)
    assert {"to_pickup", "to_dropoff", "delivered"} == set(heard)
    assert Status.DELIVERED is last.status
    assert {"received": 3, "repeated": 3, "new": 0} == {
        name: found["repeat"][1][name] for name in ("received", "repeated", "new")
    }


def test_demo_asks_where_the_provider_hears_nothing(cli, telling, monkeypatch):
    """
    A simulator that sends is no use to a provider without ears.
    """
    monkeypatch.setattr(telling, "walks", True)
    monkeypatch.setattr("doorstep.cli._ears._hears", lambda _: False)
    found = steps(cli("demo", "--fast", "--json").out)

    assert "listen" not in found
    assert Status.DELIVERED is from_json(json.dumps(found["track"][-1]["value"]), Delivery).status
