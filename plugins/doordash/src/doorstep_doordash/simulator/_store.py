"""
What the simulated Marketplace remembers of one store.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import attrs

from doorstep_doordash.simulator._menus import MarketplaceStore, Menu, MenuItem, MenuOption

__all__ = ["Closing", "MenuUpdate", "REASONS", "Store", "instant"]

#: Why a store may be closed, and what its details say then. DoorDash's sample
#: has the text for ``operational_issues``; the others are the simulator's.
REASONS: Final = {
    "out_of_business": "Merchant out of business",
    "delete_store": "Store deleted",
    "payment_issue": "Merchant payment issue",
    "operational_issues": "Merchant operational issues",
    "store_self_disabled_in_their_POS_portal": "Store self disabled in their POS portal",
    "store_pos_connectivity_issues": "Store POS connectivity issues",
}


@attrs.frozen(kw_only=True)
class Closing:
    """
    Why and until when a store is closed.
    """

    #: One of :data:`REASONS`.
    reason: str
    #: What the shop noted.
    notes: str
    #: When it was closed.
    since: datetime
    #: The end that the shop asked for, if it did.
    end: datetime | None
    #: When it opens by itself.
    reopens: datetime


@attrs.define(kw_only=True)
class MenuUpdate:
    """
    How the latest update of a menu went.
    """

    #: When it came.
    at: datetime
    #: When the latest good one came.
    succeeded_at: datetime
    #: PENDING, SUCCESS or FAILURE.
    status: str = "SUCCESS"


@attrs.define(kw_only=True)
class Store:
    """
    One store: whether it is open, its menus, and what is sold out.
    """

    #: The shop's id.
    id: str
    #: Its menus by their ids.
    menus: dict[str, Menu]
    #: How their latest updates went.
    updates: dict[str, MenuUpdate]
    #: Whether its bank data are there and right.
    bank_data: bool
    #: Whether it is somebody else's.
    foreign: bool
    #: Why it is closed, if it is.
    closing: Closing | None = None
    #: Since when items are sold out. A menu does not change this.
    items_off: dict[str, datetime] = attrs.field(factory=dict)
    #: Since when options are sold out.
    options_off: dict[str, datetime] = attrs.field(factory=dict)
    #: How many requests opened or closed it.
    commits: int = 0

    @classmethod
    def of(cls, store: MarketplaceStore, now: datetime) -> Store:
        """
        Return the state that *store* begins with.
        """
        return cls(
            id=store.id,
            menus={menu.id: menu for menu in store.menus},
            updates={menu.id: MenuUpdate(at=now, succeeded_at=now) for menu in store.menus},
            bank_data=store.bank_data,
            foreign=store.foreign,
        )

    def closed(self, now: datetime) -> Closing | None:
        """
        Return why it is closed at *now*; None when it is open.
        """
        if self.closing is not None and self.closing.reopens <= now:
            self.closing = None
        return self.closing

    def objection(self) -> str | None:
        """
        Return what keeps it from being opened.
        """
        if not self.bank_data:
            return "The store's bank information is missing or not valid"
        if not any(menu.active and menu.pos for menu in self.menus.values()):
            return "The store has no active POS menu"
        return None

    def places(self) -> list[MenuItem]:
        """
        Return the item of each place on its menus.
        """
        return [item for menu in self.menus.values() for item in menu.places()]

    def option_places(self) -> list[MenuOption]:
        """
        Return the option of each place on its menus.
        """
        groups = [group for item in self.places() for group in item.groups]
        return [option for group in groups for option in group.options]

    def shown(self, now: datetime) -> list[str]:
        """
        Return the items that customers see, in the order of the menus.
        """
        if self.closed(now) is not None:
            return []
        menus = [menu for menu in self.menus.values() if menu.active]
        seen = [item.id for menu in menus for item in menu.places() if self.shows(item)]
        return list(dict.fromkeys(seen))

    def shown_options(self, item: str, now: datetime) -> list[str]:
        """
        Return the options that customers see with an item: none while it is not shown.
        """
        if item not in self.shown(now):
            return []
        groups = [group for one in self.places() if one.id == item for group in one.groups]
        seen = [one.id for group in groups for one in group.options if self.shows_option(one)]
        return list(dict.fromkeys(seen))

    def shows(self, item: MenuItem) -> bool:
        """
        Return whether an item shows in its place: menu state and availability are both on,
        and of each group as many options show as must be chosen.
        """
        enough = all(
            sum(self.shows_option(option) for option in group.options) >= group.least
            for group in item.groups
        )
        return item.active and item.id not in self.items_off and enough

    def shows_option(self, option: MenuOption) -> bool:
        """
        Return whether an option shows where its item does: both its states are on.
        """
        return option.active and option.id not in self.options_off

    def entry(self, now: datetime) -> dict[str, Any]:
        """
        Return its entry in the books.
        """
        closing = self.closed(now)
        return {
            "id": self.id,
            "is_active": closing is None,
            "reason": closing and closing.reason,
            "notes": closing and closing.notes,
            "reopens": closing and instant(closing.reopens),
            "commits": self.commits,
            "items": dict(_states(self.places(), self.items_off)),
            "options": dict(_states(self.option_places(), self.options_off)),
            "shown": self.shown(now),
        }


def instant(moment: datetime) -> str:
    """
    Return a moment as answers tell it.
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _states(
    places: list[MenuItem] | list[MenuOption], off: dict[str, datetime]
) -> Iterator[tuple[str, bool]]:
    for place in places:
        yield place.id, place.id not in off
