"""
The two generations of the Marketplace API: the same tasks under other paths.

Source:
    Marketplace API 1.0.0 and Marketplace (legacy) API 1.0.0, "Store Endpoints".
    DoorDash's page "Update stores and items" prints the older paths in French and
    the newer ones in English. An end for a closing, and reading what is sold out,
    stand in the newer one alone.
"""

from __future__ import annotations

from typing import Final

import attrs

from doorstep_doordash._settings import DoorDashSettings

__all__ = ["CURRENT", "LEGACY", "Generation", "generation_of"]

_STORE: Final = "/api/v1/stores/{store}"


@attrs.frozen(kw_only=True)
class Generation:
    """
    What one generation calls things.

    Args:
        base_url:
            Where it is, unless the settings say otherwise.

        agent:
            The header that names the integration.

        headers:
            What every request has beside.

        mints:
            Whether tokens are made here, for half an hour each; else there is one
            that never changes.

        status, items, options:
            Where a store is closed and opened, and where what it has is switched.

        store, menus, store_menu:
            Where a store, its menus, and what is on them are read.

        item_availability, option_availability:
            Where it is read what can be ordered; None: nowhere.

        takes_end:
            Whether a closing may have an end.

        tells_items_by_404:
            Whether a 404 may also mean that none of the items is known.
    """

    base_url: str
    agent: str
    headers: tuple[tuple[str, str], ...] = ()
    mints: bool
    status: str
    items: str
    options: str
    store: str
    menus: str = f"{_STORE}/menu_details"
    store_menu: str = f"{_STORE}/store_menu"
    item_availability: str | None = None
    option_availability: str | None = None
    takes_end: bool
    tells_items_by_404: bool


CURRENT: Final = Generation(
    base_url="https://openapi.doordash.com/marketplace",
    agent="User-Agent",
    headers=(("auth-version", "v2"),),
    mints=True,
    status=f"{_STORE}/status",
    items=f"{_STORE}/items/status",
    options=f"{_STORE}/item_options/status",
    store=f"{_STORE}/store_details",
    item_availability=f"{_STORE}/item/availability",
    option_availability=f"{_STORE}/item_option/availability",
    takes_end=True,
    tells_items_by_404=True,
)

LEGACY: Final = Generation(
    base_url="https://pointofsale.doordash.com",
    agent="user_agent",
    mints=False,
    status=f"{_STORE}/activation-status",
    items=f"{_STORE}/item/activation-status",
    options=f"{_STORE}/item_option/activation-status",
    store=_STORE,
    takes_end=False,
    tells_items_by_404=False,
)


def generation_of(settings: DoorDashSettings) -> Generation | None:
    """
    Return the generation that the credentials are for; None if there are none.
    """
    if settings.marketplace_token is not None:
        return LEGACY
    return None if settings.marketplace_signing_secret is None else CURRENT
