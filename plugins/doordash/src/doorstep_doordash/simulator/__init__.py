"""
A DoorDash Drive v2 server for tests, written from the carrier's documents alone.

It shares no module with the provider beside it, so that the two cannot share a
mistake. It keeps quotes and deliveries, verifies tokens, checks every field,
moves couriers on a clock that a test can hold, and fails when told to.

.. code-block:: python

    with DriveServer(DriveOptions(speed=60)) as drive:
        settings = drive.credentials()
        drive.faults.arm("rst_after", "create")
        drive.clock.step(1200)
        drive.books()

Where to read on:

- ``_magic``: the words that provoke each refusal
- ``_courier``: how long each leg of the walk takes, and moving by hand
- ``_deliveries``: what the simulator chose where DoorDash says nothing
- ``_refunds``: the simulator's refund policy
- ``_stores`` and ``_marketplace``: what it chose for the Marketplace
- ``_allowed``, ``_redelivery``, ``_assignments``: what may still be done, and afterwards
- ``_businesses``, ``_pages``: businesses and stores, and lists that never end
- ``_pins``, ``_proofs``: what is asked for and photographed at the door
- :mod:`doorstep.simulation`: faults and the control API

Needs the extra ``simulator``.
"""

from doorstep_doordash.simulator._menus import (
    MarketplaceStore,
    Menu,
    MenuCategory,
    MenuItem,
    MenuOption,
    OptionGroup,
    SpecialHours,
)
from doorstep_doordash.simulator._options import DriveOptions, Generation
from doorstep_doordash.simulator._server import DriveServer

__all__ = [
    "DriveOptions",
    "DriveServer",
    "Generation",
    "MarketplaceStore",
    "Menu",
    "MenuCategory",
    "MenuItem",
    "MenuOption",
    "OptionGroup",
    "SpecialHours",
]
