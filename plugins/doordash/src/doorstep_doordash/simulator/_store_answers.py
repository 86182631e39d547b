"""
What the Marketplace tells of a store, in its bodies.

Source:
    Marketplace API 1.0.0, ``StoreInfoRequest``, ``StoreMenuDetails``,
    ``MenuCreateUpdateRequest`` and ``ItemAvailability``; DoorDash's sample of
    a store's information.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from doorstep_doordash.simulator._menus import Menu, MenuCategory, MenuItem, SpecialHours
from doorstep_doordash.simulator._store import REASONS, Closing, MenuUpdate, Store, instant

__all__ = ["availability", "menu_details", "store_details", "store_menu"]

_DAYS: Final = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def store_details(
    store: Store, provider: str, closing: Closing | None, *, current: bool
) -> dict[str, Any]:
    """
    Return a store's information. The reason of a closing is a text for people.

    The current API alone tells ``experience``; ``is_active``, which one of DoorDash's
    samples has and one has not, is told by the current one as well.
    """
    closings = [] if closing is None else [_deactivation(closing)]
    told = {
        "provider_name": provider,
        "merchant_supplied_id": store.id,
        "is_order_protocol_pos": True,
        "auto_release_enabled": True,
        "auto_release_distance": 200,
        "special_instructions_max_length": 250,
        "current_deactivations": closings,
    }
    if current:
        told |= {"is_active": closing is None, "auto_release_from_store_enabled": False}
        told["current_deactivations"] = [
            {**one, "experience": "ANY_EXPERIENCE"} for one in closings
        ]
    return told


def menu_details(store: Store, provider: str, url: str) -> dict[str, Any]:
    """
    Return a store's menus without their items.
    """
    return {
        "provider_name": provider,
        "merchant_supplied_id": store.id,
        "menu": [_menu_details(menu, store.updates[menu.id], url) for menu in store.menus.values()],
    }


def store_menu(store: Store, provider: str) -> dict[str, Any]:
    """
    Return a store's menu with its items and options, as the POS sent it.

    The path promises "menu jsons" and the schema is one object: the first menu.
    Its states are those of the menu; what is sold out is not in it.
    """
    about = {"merchant_supplied_id": store.id, "provider_type": provider}
    for menu in store.menus.values():
        return {
            "reference": menu.id,
            "store": about,
            "open_hours": _open_hours(menu),
            "special_hours": [_special(one) for one in menu.special_hours],
            "menu": _menu(menu),
        }
    return {"store": about, "open_hours": [], "special_hours": []}


def availability(id_: str, since: datetime | None) -> dict[str, Any]:
    """
    Return the availability of an item or option that is off *since* then, or on.

    That ``start_time`` is when it was switched off is a guess; nothing ends that.
    """
    start = None if since is None else f"{since:%Y-%m-%d %H:%M:%S}"
    return {
        "merchant_supplied_id": id_,
        "is_active": since is None,
        "start_time": start,
        "end_time": None,
    }


def _deactivation(closing: Closing) -> dict[str, Any]:
    return {
        "reason": REASONS[closing.reason],
        "notes": closing.notes,
        "created_at": instant(closing.since),
        "end_time": None if closing.end is None else instant(closing.end),
    }


def _menu_details(menu: Menu, update: MenuUpdate, url: str) -> dict[str, Any]:
    return {
        "menu_id": menu.id,
        "name": menu.name,
        "subtitle": menu.subtitle,
        "is_active": menu.active,
        "is_pos_menu": menu.pos,
        "latest_menu_update": {"created_at": instant(update.at), "status": update.status},
        "last_successful_menu_update_at": instant(update.succeeded_at),
        "url": f"{url}/{menu.id}",
        "open_hours": _open_hours(menu),
        "special_hours": [_special(one) for one in menu.special_hours],
    }


def _open_hours(menu: Menu) -> list[dict[str, Any]]:
    opens, closes = (str(one) for one in menu.hours)
    return [{"day_index": day, "start_time": opens, "end_time": closes} for day in _DAYS]


def _special(hours: SpecialHours) -> dict[str, Any]:
    told: dict[str, Any] = {"date": str(hours.day), "closed": hours.opens is None}
    if hours.opens is not None and hours.closes is not None:
        told |= {"start_time": str(hours.opens), "end_time": str(hours.closes)}
    return told


def _menu(menu: Menu) -> dict[str, Any]:
    return {
        "name": menu.name,
        "subtitle": menu.subtitle,
        "merchant_supplied_id": menu.id,
        "active": menu.active,
        "categories": [_category(one) for one in menu.categories],
    }


def _category(category: MenuCategory) -> dict[str, Any]:
    return {
        "name": category.name,
        "active": True,
        "items": [_item(item) for item in category.items],
    }


def _item(item: MenuItem) -> dict[str, Any]:
    return {
        "name": item.name,
        "merchant_supplied_id": item.id,
        "active": item.active,
        "price": item.price,
        "extras": [
            {
                "name": group.name,
                "active": True,
                "min_num_options": group.least,
                "max_num_options": len(group.options),
                "options": [
                    {
                        "name": option.name,
                        "merchant_supplied_id": option.id,
                        "active": option.active,
                        "price": option.price,
                    }
                    for option in group.options
                ],
            }
            for group in item.groups
        ],
    }
