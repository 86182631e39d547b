"""
``doorstep demo``: the shop that closes, opens and sells out, where there is a marketplace.
"""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from doorstep import from_json
from doorstep.cli._exit import Exit
from doorstep.models import CloseReason, ItemOutcome, ItemResults, StoreState
from doorstep.testing import FakeProvider

#: What a marketplace must be able to do for each step.
CLOSING = {"close_reasons": frozenset({CloseReason.PAYMENT_ISSUE}), "close_until": False}


@pytest.fixture(name="market")
def _market(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Let the simulator have a marketplace with a shop, and tell what customers see there.
    """

    class Market:
        def __init__(self, shops: Any) -> None:
            self.shops = shops
            shops.add_store("empty")
            shops.add_store("corner", items=["burrito", "soup", "taco"])

        def state(self) -> list[dict[str, str]]:
            return [{"id": "empty"}, {"id": "corner"}]

        def shown(self, store: str) -> list[str]:
            if not self.shops.store(store).open:
                return []
            return [one.id for one in self.shops.items(store) if one.available]

    class MarketServer(acme.AcmeServer):  # type: ignore[misc,name-defined]
        def __init__(self, options: Any = None) -> None:
            super().__init__(options)
            self.marketplace = Market(self.carrier("demo").marketplace)

        def answer(self, request: Any, account: str | None) -> Any:
            return super().answer(request, account or "demo")

    monkeypatch.setattr(acme, "AcmeServer", MarketServer)


@pytest.fixture(name="able")
def _able(acme: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """
    Change what the account's marketplace claims.
    """

    def change(**claims: Any) -> None:
        build, can = acme.build, FakeProvider().capabilities
        catalog = attrs.evolve(can.catalog, **claims) if claims else None
        poorer = attrs.evolve(can, catalog=catalog)
        monkeypatch.setattr(
            acme, "build", lambda *given: attrs.evolve(build(*given), capabilities=poorer)
        )

    return change


def test_demo_shows_the_truth_about_the_shop(cli, market):
    """
    What each call answered, and what customers really see; the unknown item is named.
    """
    ran = cli("demo", "--fast")

    assert (Exit.OK, "") == (ran.code, ran.err)
    for text in (
        '>>> courier.catalog.close_store("corner", Closing(reason=CloseReason.OPERATIONAL_ISSUE, ',
        "takes orders  no\n",
        ", as was asked for\n",
        "   Customers see nothing.\n",
        '>>> courier.catalog.open_store("corner")\n',
        "   Customers see burrito, soup, taco.\n",
        '>>> results = courier.catalog.set_items("corner", [Availability(id="burrito", ',
        "burrito       applied\n",
        "no-such-item  not_found\n",
        "results.complete is False",
        "   Customers see taco.\n",
        "1 delivery, all in all.",
    ):
        assert text in ran.out


def test_demo_of_the_shop_as_json_lines(cli, market):
    """
    Each value is a neutral one, and ``shown`` is what customers see.
    """
    lines = [json.loads(line) for line in cli("demo", "--fast", "--json").out.splitlines()]
    shown = {line["step"]: line["shown"] for line in lines if "shown" in line}
    values = {line["step"]: json.dumps(line["value"]) for line in lines if "value" in line}
    results = from_json(values["sell_out"], ItemResults)

    assert {"close": [], "open": ["burrito", "soup", "taco"], "sell_out": ["taco"]} == shown
    assert [False, True] == [from_json(values[one], StoreState).open for one in ("close", "open")]
    assert ("no-such-item",) == results.ids(ItemOutcome.NOT_FOUND)


def test_demo_asks_only_for_what_the_marketplace_can_do(cli, market, able):
    """
    Another reason, the carrier's own rule for the end, no reading, no items.
    """
    able(**CLOSING, read_store=False, items=False)
    ran = cli("demo", "--fast")

    assert Exit.OK == ran.code
    assert "Closing(reason=CloseReason.PAYMENT_ISSUE))\n" in ran.out
    assert ", by the carrier's own rule\n" in ran.out
    assert "set_items" not in ran.out


def test_demo_without_a_marketplace_says_so(cli, market, able):
    """
    One line for people, and the delivery goes on; no line of JSON.
    """
    able()
    ran = cli("demo", "--fast")
    steps = {json.loads(line)["step"] for line in cli("demo", "--fast", "--json").out.splitlines()}

    assert "This account has no marketplace: closing a shop and " in ran.out
    assert "1 delivery, all in all." in ran.out
    assert not {"close", "open", "sell_out"} & steps


def test_demo_with_a_simulator_that_tells_of_no_shop_says_so(cli):
    """
    Nobody guesses the id of a store.
    """
    ran = cli("demo", "--fast")

    assert "This simulator tells of no shop: closing a shop and " in ran.out
