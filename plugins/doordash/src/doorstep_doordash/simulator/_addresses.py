"""
Addresses: as DoorDash writes them, and those it proposes for a beginning.

There is no map. Proposed are a few addresses that are built in and all that the
account's deliveries and stores named, where every word of the input begins a word
of the address; ``location`` and ``search_radius_meter`` are checked and then ignored.
"""

from __future__ import annotations

import re
import threading
from typing import Final

__all__ = ["Addresses", "normalised"]

_SHORT: Final = {
    "Street": "St",
    "Avenue": "Ave",
    "Road": "Rd",
    "Lane": "Ln",
    "Boulevard": "Blvd",
    "Drive": "Dr",
}
_BUILT_IN: Final = (
    "901 Market St, San Francisco CA 94103, USA",
    "1455 Market St, San Francisco CA 94103, USA",
    "1 Dr Carlton B Goodlett Pl, San Francisco CA 94102, USA",
    "1600 Amphitheatre Pkwy, Mountain View CA 94043, USA",
    "1600 Pennsylvania Ave NW, Washington DC 20500, USA",
    "350 5th Ave, New York NY 10118, USA",
    "63 Calle de San Francisco, San Juan PR 00901, USA",
    "290 Bremner Blvd, Toronto ON M5V 3L9, Canada",
    "1 Macquarie St, Sydney NSW 2000, Australia",
    "1 Queen St, Auckland 1010, New Zealand",
)
_COUNTRIES: Final = {"USA": "US", "Canada": "CA", "Australia": "AU", "New Zealand": "NZ"}


def normalised(address: str) -> str:
    """
    Write *address* as DoorDash might: shortened words, the state beside the city.
    """
    words = " ".join(address.split())
    for long, short in _SHORT.items():
        words = re.sub(rf"\b{long}\b", short, words)
    return re.sub(r",? ([A-Z]{2}),? (\d{5}(-\d{4})?)$", r" \1 \2, USA", words)


class Addresses:
    """
    Complete the beginning of an address.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # A dict, because it keeps the order and each address once.
        self._known: dict[str, None] = dict.fromkeys(_BUILT_IN)

    def remember(self, *addresses: str) -> None:
        """
        Propose these from now on, too.
        """
        with self._lock:
            self._known.update(dict.fromkeys(normalised(address) for address in addresses))

    def complete(self, beginning: str, country: str | None, most: int) -> list[str]:
        """
        Return at most *most* addresses, none twice.

        Args:
            beginning:
                The words that they have.

            country:
                Only those of this country, or of one that cannot be told.

            most:
                How many at most.
        """
        wanted = _words(normalised(beginning))
        with self._lock:
            known = list(self._known)
        found = [
            address
            for address in known
            if _country(address) in {None, country or _country(address)}
            and all(_begins_one(word, _words(address)) for word in wanted)
        ]
        return found[:most]


def _words(address: str) -> list[str]:
    return re.findall(r"\w+", address.casefold())


def _begins_one(beginning: str, words: list[str]) -> bool:
    return any(word.startswith(beginning) for word in words)


def _country(address: str) -> str | None:
    found = _COUNTRIES.get(address.rpartition(", ")[2])
    return "PR" if found == "US" and re.search(r" PR \d{5}, USA$", address) else found
