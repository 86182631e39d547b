"""
What a store has: saying which items and options can be ordered, and asking it.

Source:
    DoorDash, "Update stores and items": one that fails makes the whole answer a 400, and
    the others are made all the same. Marketplace API 1.0.0: a 404 is a store, or all
    items, that are not found; a 413 is too many at once, of which no number is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import attrs

from doorstep.errors import ProviderError, RequestRejectedError
from doorstep.http import Flow, Request, Response, TransportError, path
from doorstep.models import Availability, ItemOutcome, ItemResult, ItemState
from doorstep.outcome import Effect, Repeat
from doorstep_doordash._catalog_answers import outcomes, to_item
from doorstep_doordash._catalog_wire import listed, wishes_body
from doorstep_doordash._errors import answered, refusal
from doorstep_doordash._generations import Generation
from doorstep_doordash._parts import unsupported

__all__ = ["Stock", "get", "put"]

_TOO_LARGE: Final = 413


def put(route: str, store: str, body: bytes) -> Request:
    """
    Return the request that changes something of a store.
    """
    return Request(
        "PUT",
        path(route, store=store),
        body=body,
        effect=Effect.CHANGES,
        repeat=Repeat.SAME_EFFECT,
    )


def get(route: str, store: str, operation: str) -> Flow[Response]:
    """
    Read something of a store.
    """
    response = yield Request("GET", path(route, store=store))
    if not answered(response):
        raise refusal(response, operation)
    return response


@attrs.frozen
class Stock:
    """
    The items, or the options, of one store.

    Args:
        operation:
            What is being done with them.
    """

    generation: Generation
    store: str
    operation: str

    def set(self, route: str, wishes: Sequence[Availability]) -> Flow[list[ItemResult]]:
        """
        Send *wishes*; in halves, and halves of these, if they are too many at once.

        What goes wrong when something was done already is told as results: as an error
        it would stand for all. What was sent before, and got a 500, is not called
        unchanged: left out, it is unknown.
        """
        done: list[ItemResult] = []
        left, tried = [tuple(wishes)], False
        while left:
            batch, again = left.pop(0), tried
            try:
                response = yield put(route, self.store, wishes_body(batch))
                again = tried or response.repeated
                if response.status == _TOO_LARGE and len(batch) > 1:
                    middle, tried = len(batch) // 2, again
                    left[:0] = [batch[:middle], batch[middle:]]
                    continue
                told = yield from self._told(response, batch)
                done += _certain(told) if again else told
            except (ProviderError, TransportError) as error:
                if not done:
                    raise
                missed = [] if again else _missed(error, batch)
                rest = [] if tried else [wish for later in left for wish in later]
                return [*done, *missed, *_all(rest, ItemOutcome.NOT_SENT)]
        return done

    def states(
        self, route: str | None, ids: Callable[[Response], list[str]]
    ) -> Flow[list[ItemState]]:
        """
        Read one state after the other: there is no list of them, but for the menu.

        The path is documented with the item's id where all others have the store's,
        which would not say of which store. So the store stands in the path and the item
        in the query: whoever does not understand that knows no such item, and tells
        nothing of another store's.
        """
        if route is None:
            what = "cannot be asked in the legacy generation"
            raise unsupported(f"catalog.{self.operation}", what)
        states = []
        for one in ids((yield from get(self.generation.store_menu, self.store, self.operation))):
            query = (("merchant_supplied_id", one),)
            response = yield Request("GET", path(route, store=self.store), query=query)
            if response.status == 404:
                states.append(ItemState(id=one))
            elif answered(response):
                states.append(to_item(response, one))
            else:
                raise refusal(response, self.operation)
        return states

    def _told(self, response: Response, wishes: Sequence[Availability]) -> Flow[list[ItemResult]]:
        """
        Return what became of *wishes*, as far as it is told.

        What answers with success, mostly without a body, has done what it does not
        speak of.
        """
        if answered(response):
            told = {one.id: one for one in outcomes(response, wishes)}
            return [told.get(one.id) or _one(one, ItemOutcome.APPLIED) for one in wishes]
        if response.status == _TOO_LARGE:
            return _all(wishes, ItemOutcome.FAILED)
        if response.status == 400 and _has_outcomes(response):
            return outcomes(response, wishes)
        error = refusal(response, self.operation)
        ambiguous = response.status == 404 and self.generation.tells_items_by_404
        # To see the store is not to see what the first try did to its items.
        if ambiguous and not response.repeated and (yield from self._is_there()):
            return _all(wishes, ItemOutcome.NOT_FOUND)
        raise error

    def _is_there(self) -> Flow[bool]:
        route = path(self.generation.store, store=self.store)
        try:
            response = yield Request("GET", route, recovery=True)
        except TransportError:
            return False
        return answered(response)


def _has_outcomes(response: Response) -> bool:
    """
    Whether a 400 is not a refusal but tells what became of each item.
    """
    try:
        entries = listed(response)
    except ProviderError:
        return False
    return any("merchant_supplied_id" in one and "response" in one for one in entries)


def _certain(told: list[ItemResult]) -> list[ItemResult]:
    """
    Return what *told* is worth of a repeat: it does not say that the first try failed, too.
    """
    return [
        attrs.evolve(one, outcome=ItemOutcome.UNKNOWN) if one.outcome is ItemOutcome.FAILED else one
        for one in told
    ]


def _missed(
    error: ProviderError | TransportError, wishes: Sequence[Availability]
) -> list[ItemResult]:
    """
    Return what *error* says of the wishes that it hit; nothing if nobody knows.
    """
    if isinstance(error, RequestRejectedError):
        return _all(wishes, ItemOutcome.FAILED)
    if isinstance(error, TransportError) and not error.sent:
        return _all(wishes, ItemOutcome.NOT_SENT)
    return []


def _all(wishes: Sequence[Availability], outcome: ItemOutcome) -> list[ItemResult]:
    return [_one(wish, outcome) for wish in wishes]


def _one(wish: Availability, outcome: ItemOutcome) -> ItemResult:
    return ItemResult(id=wish.id, available=wish.available, outcome=outcome)
