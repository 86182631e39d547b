"""
The Marketplace's routes, of both generations, in front of the account's stores.

The current ones want a JWT of the Marketplace's own access key, ``auth-version: v2``
and ``User-Agent: <provider type>/...``; the legacy ones a token that never changes.
That the legacy ones want a header ``user_agent`` cannot be checked: a header with
an underscore does not reach a WSGI application.

What the simulator had to choose, because no document or recording says it:

- The legacy API knows no end of a closing, so it passes over one.
- The answer to opening and closing a store is an empty object.
- An entry that is badly made refuses the whole batch.
- Without an item's outcome the codes are those of the Marketplace's "Return Order",
  the one operation whose errors are documented.

Source:
    Marketplace API 1.0.0 and Marketplace (legacy) API 1.0.0, "Store Endpoints";
    DoorDash, "Update stores and items", of which the legacy paths are a translation's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from doorstep.simulation import SimulatorClock
from doorstep_doordash.simulator._auth import Gate
from doorstep_doordash.simulator._checks import flag, listed, one_of, record, text, time_of, whole
from doorstep_doordash.simulator._options import DriveOptions
from doorstep_doordash.simulator._parts import said
from doorstep_doordash.simulator._refused import (
    authentication,
    not_in_marketplace,
    too_many,
    validation,
)
from doorstep_doordash.simulator._rules import check_fields, read_json
from doorstep_doordash.simulator._store import REASONS
from doorstep_doordash.simulator._stores import Kind, Stores

__all__ = ["MarketplacePart"]

_LEGACY: Final = "/api/v1/stores/<location>"
_PREFIX: Final = "/marketplace"
_CURRENT: Final = _PREFIX + _LEGACY
_RULES: Final = (
    Rule(f"{_CURRENT}/status", methods=["PUT"], endpoint="store_status"),
    Rule(f"{_CURRENT}/items/status", methods=["PUT"], endpoint="items"),
    Rule(f"{_CURRENT}/item_options/status", methods=["PUT"], endpoint="options"),
    Rule(f"{_CURRENT}/store_details", methods=["GET"], endpoint="store_details"),
    Rule(f"{_CURRENT}/menu_details", methods=["GET"], endpoint="menu_details"),
    Rule(f"{_CURRENT}/store_menu", methods=["GET"], endpoint="store_menu"),
    Rule(f"{_CURRENT}/item/availability", methods=["GET"], endpoint="item_availability"),
    Rule(f"{_CURRENT}/item_option/availability", methods=["GET"], endpoint="option_availability"),
    Rule(f"{_LEGACY}/activation-status", methods=["PUT"], endpoint="store_status"),
    Rule(f"{_LEGACY}/item/activation-status", methods=["PUT"], endpoint="items"),
    Rule(f"{_LEGACY}/item_option/activation-status", methods=["PUT"], endpoint="options"),
    Rule(_LEGACY, methods=["GET"], endpoint="store_details"),
    Rule(f"{_LEGACY}/menu_details", methods=["GET"], endpoint="menu_details"),
    Rule(f"{_LEGACY}/store_menu", methods=["GET"], endpoint="store_menu"),
)
_KINDS: Final[dict[str, Kind]] = {
    "items": "items",
    "options": "options",
    "item_availability": "items",
    "option_availability": "options",
}

_INT32: Final = 2**31 - 1
_TEN_YEARS_H: Final = 87_600
_STATUS: Final = record(
    {
        "is_active": flag,
        "reason": one_of(*REASONS),
        "notes": text(),
        "merchant_supplied_id": text(1),
        "end_time": text(1),
        "duration_in_hours": whole(0, _TEN_YEARS_H),
        "duration_in_secs": whole(0, _INT32),
    },
    required=("is_active",),
)
_BATCH: Final = listed(
    record(
        {"merchant_supplied_id": text(1), "is_active": flag},
        required=("merchant_supplied_id", "is_active"),
    )
)


class MarketplacePart:
    """
    Answer for the account's stores.

    Args:
        stores:
            The stores.

        options:
            The account.

        clock:
            The simulator's clock.
    """

    def __init__(self, stores: Stores, options: DriveOptions, clock: SimulatorClock) -> None:
        self._stores = stores
        self._options = options
        self._clock = clock
        # Its limits are documented nowhere; Drive's are Drive's.
        self._gate = Gate(options.marketplace_key(), None, options.real_time)
        self._tasks: Mapping[str, Callable[[str, Request], Response]] = {
            "store_status": self._store_status,
            "store_details": self._store_details,
            "menu_details": self._menu_details,
            "store_menu": self._store_menu,
        }

    def rules(self) -> Sequence[Rule]:
        """
        Return the routes: those of both generations, under the same names.
        """
        return _RULES

    def answer(self, operation: str, arguments: Mapping[str, str], request: Request) -> Response:
        """
        Check who asks and what, then do it.
        """
        self._admit(request)
        location = arguments["location"]
        if operation in {"items", "options"}:
            return self._batch(_KINDS[operation], location, request)
        if operation in _KINDS:
            return self._availability(_KINDS[operation], location, request)
        return self._tasks[operation](location, request)

    def _admit(self, request: Request) -> None:
        """
        Check the credentials of the generation that is asked.
        """
        if not _is_current(request):
            if request.headers.get("Authorization") != f"Bearer {self._options.marketplace_token}":
                raise authentication("The token is missing or not valid")
            return
        if request.headers.get("auth-version") != "v2":
            raise authentication("The auth-version header must be v2")
        self._gate.check(request)
        agent = request.headers.get("User-Agent", "")
        if agent.partition("/")[0] != self._options.marketplace_provider_type:
            raise authentication("The User-Agent header must be the provider type, a slash, 1.0")

    def _store_status(self, location: str, request: Request) -> Response:
        body = read_json(request.get_data())
        check_fields(body, _STATUS)
        if body.get("merchant_supplied_id", location) != location:
            raise validation([("merchant_supplied_id", "must be the store of the path")])
        if body["is_active"]:
            self._stores.open(location)
        elif "reason" in body:
            end = _end(body, self._clock.now()) if _is_current(request) else None
            self._stores.close(location, body["reason"], body.get("notes", ""), end)
        else:
            raise validation([("reason", "missing reason")])
        return said(200, {})

    def _batch(self, kind: Kind, location: str, request: Request) -> Response:
        body = read_json(request.get_data())
        current = _is_current(request)
        if isinstance(body, dict) and not current:
            # The legacy how-to shows one object, although it speaks of batches.
            body = [body]
        check_fields(body, _BATCH)
        if not body:
            raise validation([("body", "must not be empty")])
        most = self._options.marketplace_largest_batch
        if most is not None and len(body) > most:
            raise too_many()
        wishes = [(one["merchant_supplied_id"], one["is_active"]) for one in body]
        outcomes = self._stores.change(location, kind, wishes)
        words = {one["response"] for one in outcomes}
        if current and words == {"Item not found"}:
            raise not_in_marketplace("All items within the request were not found")
        return said(200 if words == {"Success"} else 400, outcomes)

    def _store_details(self, location: str, request: Request) -> Response:
        return said(200, self._stores.details(location, current=_is_current(request)))

    def _menu_details(self, location: str, request: Request) -> Response:
        url = f"{request.host_url}store/{location}"
        return said(200, self._stores.menu_details(location, url))

    def _store_menu(self, location: str, _request: Request) -> Response:
        return said(200, self._stores.store_menu(location))

    def _availability(self, kind: Kind, location: str, request: Request) -> Response:
        """
        Answer for ``item/availability``, whichever way it was understood.

        The path's id is described as that of the item, where every other path has
        the store's. So it is the item; or, if the query names the item as
        ``merchant_supplied_id``, the store.
        """
        asked = request.args.get("merchant_supplied_id")
        if asked is None:
            return said(200, self._stores.availability(kind, location))
        return said(200, self._stores.availability(kind, asked, location))


def _is_current(request: Request) -> bool:
    return request.path.startswith(f"{_PREFIX}/")


def _end(body: Mapping[str, Any], now: datetime) -> datetime | None:
    """
    Return the end that a closing asks for.

    With ``end_time`` and a duration together both are ignored, a third party
    found. Hours and seconds are added up.

    Raises:
        RefusedError:
            400: it is no time with an offset, or nothing long.
    """
    end = None
    if "end_time" in body:
        end = time_of(body["end_time"])
        if end is None:
            raise validation([("end_time", "must be YYYY-MM-DDTHH:MM:SS+HH:MM")])
    durations = [name for name in ("duration_in_hours", "duration_in_secs") if name in body]
    if not durations:
        return end
    if end is not None:
        return None
    length = timedelta(
        hours=body.get("duration_in_hours", 0), seconds=body.get("duration_in_secs", 0)
    )
    if not length:
        raise validation([(durations[0], "must be longer than nothing")])
    return now + length
