"""
Stores and menus as a Marketplace begins with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Final

import attrs

__all__ = [
    "MarketplaceStore",
    "Menu",
    "MenuCategory",
    "MenuItem",
    "MenuOption",
    "OptionGroup",
    "SpecialHours",
    "default_stores",
]


@attrs.frozen
class MenuOption:
    """
    One choice of an option group.
    """

    #: The shop's id.
    id: str
    #: What customers read.
    name: str
    #: Its price in cents.
    price: int = attrs.field(default=0, kw_only=True)
    #: Its menu state.
    active: bool = attrs.field(default=True, kw_only=True)


@attrs.frozen
class OptionGroup:
    """
    Choices that belong together.
    """

    #: What customers read.
    name: str
    #: The choices.
    options: tuple[MenuOption, ...]
    #: How many must be chosen: with fewer to be had, the item is not shown.
    least: int = attrs.field(default=0, kw_only=True)


@attrs.frozen
class MenuItem:
    """
    An item. The same one may stand in several places.
    """

    #: The shop's id.
    id: str
    #: What customers read.
    name: str
    #: Its price in cents.
    price: int = attrs.field(default=1000, kw_only=True)
    #: Its menu state in this place.
    active: bool = attrs.field(default=True, kw_only=True)
    #: What can be chosen with it.
    groups: tuple[OptionGroup, ...] = attrs.field(default=(), kw_only=True)


@attrs.frozen
class MenuCategory:
    """
    A heading of a menu, with its items.
    """

    #: What customers read.
    name: str
    #: Its items.
    items: tuple[MenuItem, ...]


@attrs.frozen
class SpecialHours:
    """
    A day on which a menu has other hours, or none.
    """

    #: The day.
    day: date
    #: When it opens; closed all day when absent.
    opens: time | None = None
    #: When it closes.
    closes: time | None = None


@attrs.frozen
class Menu:
    """
    A menu with its hours.
    """

    #: DoorDash's id of it.
    id: str
    #: What customers read.
    name: str
    #: Its headings.
    categories: tuple[MenuCategory, ...]
    #: What customers read below the name.
    subtitle: str = attrs.field(default="", kw_only=True)
    #: Whether it is in use.
    active: bool = attrs.field(default=True, kw_only=True)
    #: Whether a POS made it: without such a one a store cannot be opened.
    pos: bool = attrs.field(default=True, kw_only=True)
    #: When it opens and closes, every day.
    hours: tuple[time, time] = attrs.field(default=(time(9), time(21)), kw_only=True)
    #: The days on which that is different.
    special_hours: tuple[SpecialHours, ...] = attrs.field(default=(), kw_only=True)

    def places(self) -> Iterator[MenuItem]:
        """
        Return the item of each place, so that one may come several times.
        """
        for category in self.categories:
            yield from category.items


@attrs.frozen
class MarketplaceStore:
    """
    A store as it is at the beginning: open, with everything in stock.
    """

    #: The shop's id, ``merchant_supplied_id``.
    id: str
    #: Its menus.
    menus: tuple[Menu, ...] = ()
    #: Whether its bank data are there and right; without them it cannot be opened.
    bank_data: bool = attrs.field(default=True, kw_only=True)
    #: Whether it is somebody else's: 403.
    foreign: bool = attrs.field(default=False, kw_only=True)


def _lunch() -> Menu:
    soup = MenuItem("soup", "Soup of the day", price=650)
    salsas = OptionGroup(
        "Salsa",
        (MenuOption("salsa-mild", "Mild salsa"), MenuOption("salsa-hot", "Hot salsa")),
        least=1,
    )
    more = OptionGroup("Extras", (MenuOption("guacamole", "Guacamole", price=250),))
    burrito = MenuItem("burrito", "Burrito", price=1195, groups=(salsas, more))
    return Menu(
        "menu-1",
        "Lunch and dinner",
        (
            MenuCategory("Popular", (burrito, soup)),
            MenuCategory("Mains", (MenuItem("taco", "Taco", price=495, groups=(more,)),)),
            MenuCategory("Soups", (soup,)),
        ),
        special_hours=(
            SpecialHours(date(2026, 12, 24), time(9), time(14)),
            SpecialHours(date(2026, 12, 25)),
        ),
    )


_MENU: Final = _lunch()


def default_stores() -> tuple[MarketplaceStore, ...]:
    """
    Return the stores there are unless said: two good ones, and one for each trouble.
    """
    return (
        MarketplaceStore("store-1", (_MENU,)),
        MarketplaceStore("store-2", (_MENU,)),
        MarketplaceStore("store-without-bank", (_MENU,), bank_data=False),
        MarketplaceStore("store-without-menu"),
        MarketplaceStore("store-of-others", (_MENU,), foreign=True),
    )
