"""
The demo's shop: it closes, opens again and sells out, and the truth about each is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from doorstep.capabilities import CatalogCapabilities
from doorstep.cli._output import Line
from doorstep.cli._shop import SHOWN_IF, state_parts, with_raw
from doorstep.cli._stage import Shop, Stage
from doorstep.cli._story import Story
from doorstep.models import Availability, CloseReason, Closing, StoreState

if TYPE_CHECKING:
    from doorstep.client import CatalogClient, Client

__all__ = ["play_shop"]

_CLOSED_S = 2 * 60 * 60
#: An item that no menu has.
_NOWHERE = "no-such-item"


def play_shop(courier: Client, story: Story, stage: Stage) -> None:
    """
    Close a shop, open it and sell out two items, if there is a marketplace to do it on.
    """
    can, shop = courier.capabilities.catalog, stage.shop()
    if can is None or shop is None:
        what = "account has no marketplace" if can is None else "simulator tells of no shop"
        story.show(Line(), Line(f"This {what}: closing a shop and selling out are left out."))
        return
    if can.close_reasons:
        _close(courier.catalog, can, story, shop)
        _open(courier.catalog, can, story, shop)
    if can.items:
        _sell_out(courier.catalog, story, shop)


def _close(catalog: CatalogClient, can: CatalogCapabilities, story: Story, shop: Shop) -> None:
    wished = CloseReason.OPERATIONAL_ISSUE
    reason = wished if wished in can.close_reasons else min(can.close_reasons)
    for_s = _CLOSED_S if can.close_until else None
    shown = f"CloseReason.{reason.name}" + (f", duration_s={for_s}" if for_s else "")
    call = f'courier.catalog.close_store("{shop.store}", Closing(reason={shown}))'
    story.step("close", "Close a shop: the kitchen is under water", call)
    closed = catalog.close_store(shop.store, Closing(reason=reason, duration_s=for_s))
    _truth(catalog, can, story, shop, closed)


def _open(catalog: CatalogClient, can: CatalogCapabilities, story: Story, shop: Shop) -> None:
    call = f'courier.catalog.open_store("{shop.store}")'
    story.step("open", "Open it again, before that", call)
    _truth(catalog, can, story, shop, catalog.open_store(shop.store))


def _truth(
    catalog: CatalogClient, can: CatalogCapabilities, story: Story, shop: Shop, answer: StoreState
) -> None:
    """
    Show what the carrier says when it is asked once more, and what customers really see.
    """
    state = catalog.read_store(shop.store) if can.read_store else answer
    story.fields(row for part in state_parts(state) for row in part.rows)
    story.result(state)
    _customers(story, shop)


def _sell_out(catalog: CatalogClient, story: Story, shop: Shop) -> None:
    gone = [*shop.shown()[:2], _NOWHERE]
    wishes = [Availability(id=one, available=False) for one in gone]
    first = f'Availability(id="{gone[0]}", available=False)'
    call = f'results = courier.catalog.set_items("{shop.store}", [{first}, ...])'
    story.step("sell_out", "Sell out two items, and one that nobody knows", call)
    results = catalog.set_items(shop.store, wishes)
    story.fields((one.id, with_raw(one.outcome.value, one.raw_outcome)) for one in results.results)
    story.say(f"results.complete is {results.complete}: look at each of them.")
    story.result(results)
    _customers(story, shop)
    story.say(SHOWN_IF)


def _customers(story: Story, shop: Shop) -> None:
    shown: Sequence[str] = shop.shown()
    story.say(f"Customers see {', '.join(shown) or 'nothing'}.")
    story.data({"shown": shown})
