"""
DoorDash's Marketplace as pure flows: what it shows of a shop, by either generation.

Repeated is only what got an answer of 500; that is what DoorDash asks for. Each request
may be sent again: closing what is closed, or selling out what is sold out, changes
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from doorstep.errors import NotModifiableError
from doorstep.http import Flow, Grant, RepeatPolicy, Request
from doorstep.models import (
    Availability,
    Closing,
    Closure,
    ItemResult,
    ItemState,
    Menu,
    StoreState,
)
from doorstep.provider import Catalog, Context
from doorstep.secret import Secret
from doorstep_doordash._auth import mint, with_token
from doorstep_doordash._capabilities import CLOSES_FOR, MARKETPLACE_FIELDS
from doorstep_doordash._catalog_answers import item_ids, option_ids, to_menus, to_store
from doorstep_doordash._catalog_wire import REASONS, closing_body, listed, opening_body
from doorstep_doordash._errors import answered, refusal
from doorstep_doordash._generations import Generation, generation_of
from doorstep_doordash._settings import DoorDashSettings
from doorstep_doordash._stock import Stock, get, put

__all__ = ["DoorDashCatalog", "catalog_of"]

#: What never changes is asked for anew once a day all the same.
_DAY: Final = timedelta(days=1)
_REPEATS: Final = RepeatPolicy(
    retries=3, base_s=0.5, cap_s=2.0, jitter=0.0, statuses=frozenset({500}), lost=False
)


@attrs.frozen
class DoorDashCatalog:
    """
    The stores of one Marketplace account.

    Source:
        Marketplace API 1.0.0, Marketplace (legacy) API 1.0.0, and DoorDash, "Update
        stores and items".

    .. versionadded:: 0.2.0
    """

    account: str
    settings: DoorDashSettings
    generation: Generation = attrs.field(repr=False)

    @property
    def name(self) -> str:
        """
        The provider's name.
        """
        return "doordash"

    @property
    def base_url(self) -> str:
        """
        Where requests go.
        """
        return self.settings.marketplace_url or self.generation.base_url

    @property
    def repeat_policy(self) -> RepeatPolicy:
        """
        Three repeats after a 500 alone, half a second, one and two apart.
        """
        return _REPEATS

    @property
    def public_fields(self) -> frozenset[str]:
        """
        What observers may see the values of.
        """
        return MARKETPLACE_FIELDS

    def grant(self, now: datetime) -> Flow[Grant]:
        """
        Return the token: one that is made here, or the one that never changes.
        """
        yield from ()
        settings = self.settings
        if not self.generation.mints:
            return Grant(value=settings.marketplace_token or Secret(""), expires_at=now + _DAY)
        return mint(
            settings.marketplace_developer_id or "",
            settings.marketplace_key_id or "",
            settings.marketplace_signing_secret or Secret(""),
            now,
        )

    def sign(self, request: Request, now: datetime, grant: Grant | None) -> Request:
        """
        Add the token to *request*, the generation, and who asks.
        """
        agent = f"{self.settings.marketplace_provider_type}/1.0"
        named = request.with_headers(
            {**dict(self.generation.headers), self.generation.agent: agent}
        )
        return with_token(named, grant)

    def close_store(self, store: str, closing: Closing, ctx: Context) -> Flow[StoreState]:
        """
        Take a store off the marketplace. Without an end DoorDash ends it after two weeks.
        """
        response = yield put(self.generation.status, store, closing_body(closing))
        if not answered(response):
            raise refusal(response, "close_store")
        listed(response)  # a page of somebody's on the way confirms nothing
        begin = response.sent_at
        until = _end(closing, begin)
        word = REASONS[closing.reason]
        closure = Closure(
            reason=closing.reason, raw_reason=word, notes=closing.notes, since=begin, until=until
        )
        return StoreState(
            store=store,
            open=False,
            reopens_at=until or begin + CLOSES_FOR,
            reopens_by_carrier=until is None,
            closures=[closure],
        )

    def open_store(self, store: str, ctx: Context) -> Flow[StoreState]:
        """
        Put a store on the marketplace.

        Raises:
            doorstep.errors.NotModifiableError:
                A check failed, and will until somebody mends what it looks at.
        """
        response = yield put(self.generation.status, store, opening_body())
        if answered(response):
            listed(response)
            return StoreState(store=store, open=True)
        error = refusal(response, "open_store")
        if response.status != 400:
            raise error
        raise NotModifiableError(
            "was refused: the carrier's checks of the store failed",
            advice="have its bank data completed, and a menu of its POS made active; "
            "trying again before that changes nothing",
            params={"reason": "checks_failed"},
            http_status=400,
            raw_code=error.raw_code,
        )

    def read_store(self, store: str, ctx: Context) -> Flow[StoreState]:
        """
        Read a store.
        """
        return to_store((yield from get(self.generation.store, store, "read_store")), store)

    def read_menus(self, store: str, ctx: Context) -> Flow[list[Menu]]:
        """
        Read the menus of a store, without what is on them.
        """
        return to_menus((yield from get(self.generation.menus, store, "read_menus")), store)

    def set_items(
        self, store: str, wishes: Sequence[Availability], ctx: Context
    ) -> Flow[list[ItemResult]]:
        """
        Say which items can be ordered.
        """
        stock = Stock(self.generation, store, "set_items")
        return (yield from stock.set(self.generation.items, wishes))

    def set_options(
        self, store: str, wishes: Sequence[Availability], ctx: Context
    ) -> Flow[list[ItemResult]]:
        """
        Say which options of items can be ordered.
        """
        stock = Stock(self.generation, store, "set_options")
        return (yield from stock.set(self.generation.options, wishes))

    def read_items(self, store: str, ctx: Context) -> Flow[list[ItemState]]:
        """
        Read which items can be ordered: the menu, and one request for each item on it.
        """
        stock = Stock(self.generation, store, "read_items")
        return (yield from stock.states(self.generation.item_availability, item_ids))

    def read_options(self, store: str, ctx: Context) -> Flow[list[ItemState]]:
        """
        Read which options of items can be ordered, as :meth:`read_items` does.
        """
        stock = Stock(self.generation, store, "read_options")
        return (yield from stock.states(self.generation.option_availability, option_ids))


def catalog_of(account: str, settings: DoorDashSettings) -> DoorDashCatalog | None:
    """
    Return the Marketplace of an account; None if it has no credentials for it.
    """
    generation = generation_of(settings)
    return None if generation is None else DoorDashCatalog(account, settings, generation)


def _end(closing: Closing, begin: datetime) -> datetime | None:
    """
    Return the end that was asked for, as it is sent: in whole seconds.
    """
    if closing.duration_s is not None:
        return begin + timedelta(seconds=closing.duration_s)
    return None if closing.until is None else closing.until.replace(microsecond=0)


_: type[Catalog] = DoorDashCatalog
