"""
Broken in what every flow promises: claims, purity, errors, secrets.
"""

from __future__ import annotations

import itertools
import json
import logging
import socket
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, ClassVar

import attrs

from broken.good import Acme, InsteadError, hooked
from doorstep.errors import (
    AuthenticationError,
    CarrierInternalError,
    UnclassifiedCarrierError,
    ValidationError,
)
from doorstep.http import Flow, Path, Request, Response
from doorstep.models import Delivery


class HasNoPublicFields(Acme):
    """
    Says nothing of what observers may see, which the core asks every provider.
    """

    recordings = None

    @property
    def public_fields(self) -> Any:
        raise AttributeError("public_fields")


class MisspellsAClaim(Acme):
    """
    Claims that it takes a field that no request has.
    """

    claims: ClassVar[dict[str, Any]] = {
        "update_fields": frozenset({"tip", "order_value", "dropoff.door"})
    }


class ClaimsWhatIsAbsent(Acme):
    """
    Claims redelivery, and has no operation for it.
    """

    claims: ClassVar[dict[str, Any]] = {"redelivery": True}


class DeniesWhatIsThere(Acme):
    """
    Can ask for refunds, and does not claim it.
    """

    claims: ClassVar[dict[str, Any]] = {"refund_request": False}


class NeedsWhatNobodySends(Acme):
    """
    Claims to need a name at the door, which the suite's own request has not.
    """

    claims: ClassVar[dict[str, Any]] = {"needs": frozenset({"dropoff.contact.given"})}


_NUMBERS = itertools.count(1)


class NumbersItsRequests(Acme):
    """
    Counts its dispatches in a header: the same call makes another request each time.
    """

    def dispatch(self, *args: Any, **options: Any) -> Flow[Delivery]:
        def number(request: Request) -> Request:
            return request.with_headers({"X-Number": str(next(_NUMBERS))})

        return hooked(super().dispatch(*args, **options), ask=number)


class ReadsAClock(Acme):
    """
    Reads a clock while it makes the request.
    """

    def dispatch(self, *args: Any, **options: Any) -> Flow[Delivery]:
        datetime.now(UTC)
        return super().dispatch(*args, **options)


class ReadsAClockLater(Acme):
    """
    Reads a clock when the answer is there: each delivery is as of whenever it is read.
    """

    def _delivery(self, *args: Any, **options: Any) -> Delivery:
        datetime.now(UTC)
        return super()._delivery(*args, **options)


class OpensASocket(Acme):
    """
    Asks somebody else itself, beside the core.
    """

    def track(self, *args: Any, **options: Any) -> Flow[Delivery]:
        with suppress(OSError), socket.socket() as beside:
            beside.bind(("127.0.0.1", 0))
        return super().track(*args, **options)


class ForgetsToEscape(Acme):
    """
    Puts the delivery's id into the path as it is.
    """

    def track(self, delivery: Any, ctx: Any) -> Flow[Delivery]:
        answer = yield Request("GET", Path("/jobs/{id}", f"/jobs/{delivery.value}"))
        return self._delivery(answer, delivery.value, "track")


class ChangesTheBody(Acme):
    """
    Writes its account into the body while it signs.
    """

    def sign(self, request: Request, *args: Any) -> Request:
        signed = super().sign(request, *args)
        if signed.body is None:
            return signed
        told = {**json.loads(signed.body), "account": self.account}
        return attrs.evolve(signed, body=json.dumps(told).encode())


class GoesOnWhenGivenUp(Acme):
    """
    Asks again after a failure, and once more when it is given up over that.
    """

    def find(self, *args: Any, **options: Any) -> Flow[Delivery | None]:
        try:
            return (yield from super().find(*args, **options))
        except CarrierInternalError:
            try:
                yield Request("GET", "/jobs")
            except GeneratorExit:
                yield Request("GET", "/jobs")
            raise


class KnowsEveryStatus(Acme):
    """
    Looks refusals up in a table of HTTP statuses that has not all of them.
    """

    def track(self, *args: Any, **options: Any) -> Flow[Delivery]:
        def look(answer: Response) -> Response:
            known = dict.fromkeys((*range(200, 405), *range(406, 600)), "known")
            assert known[answer.status]
            return answer

        return hooked(super().track(*args, **options), hear=look)


class SwallowsTrouble(Acme):
    """
    Takes a 500 for "not there" when it looks a reference up.
    """

    def find(self, *args: Any, **options: Any) -> Flow[Delivery | None]:
        def look(answer: Response) -> Response:
            if answer.status == 500:
                raise InsteadError(None)
            return answer

        return hooked(super().find(*args, **options), hear=look)


class TakesTooManyForTrouble(Acme):
    """
    Has no name for a 429.
    """

    def track(self, *args: Any, **options: Any) -> Flow[Delivery]:
        def look(answer: Response) -> Response:
            if answer.status == 429:
                raise UnclassifiedCarrierError("was refused", http_status=429)
            return answer

        return hooked(super().track(*args, **options), hear=look)


class SignsInTheQuery(Acme):
    """
    Puts the token into the path, where every log has it.
    """

    def sign(self, request: Request, now: Any, grant: Any) -> Request:
        signed = super().sign(request, now, grant)
        if grant is None:
            return signed
        route = f"{signed.path.route}?token={grant.value.reveal()}"
        return attrs.evolve(signed, path=Path(route, signed.path.encoded))


class ShowsItsKey(Acme):
    """
    Has its key in its repr.
    """

    def __repr__(self) -> str:
        return f"<Acme {self.settings.api_key.reveal()}>"


class TellsItsKey(Acme):
    """
    Says in an error which key was refused.
    """

    def track(self, *args: Any, **options: Any) -> Flow[Delivery]:
        def look(answer: Response) -> Response:
            if answer.status == 401:
                key = self.settings.api_key.reveal()
                raise AuthenticationError(f"was refused with {key}", http_status=401)
            return answer

        return hooked(super().track(*args, **options), hear=look)


class QuotesTheRefusal(Acme):
    """
    Repeats what the carrier says of a refusal, whatever or whoever is named there.
    """

    def track(self, *args: Any, **options: Any) -> Flow[Delivery]:
        def look(answer: Response) -> Response:
            if answer.status == 400:
                said = answer.body.decode("utf-8", "replace")
                raise ValidationError(f"was refused: {said}", http_status=400)
            return answer

        return hooked(super().track(*args, **options), hear=look)


class NamesPeopleInErrors(Acme):
    """
    Says in an error where the courier was to go.
    """

    def dispatch(self, request: Any, ctx: Any, **options: Any) -> Flow[Delivery]:
        def look(answer: Response) -> Response:
            if answer.status == 422 and b"quote" not in answer.body:
                where = request.dropoff.address.one_line
                raise ValidationError(f"does not go to {where}", http_status=422)
            return answer

        return hooked(super().dispatch(request, ctx, **options), hear=look)


class LogsPeople(Acme):
    """
    Logs the phone number of whom it delivers to.
    """

    def dispatch(self, request: Any, ctx: Any, **options: Any) -> Flow[Delivery]:
        logging.getLogger("acme").info("calling %s", request.dropoff.contact.phone)
        return super().dispatch(request, ctx, **options)


class PrintsAnswers(Acme):
    """
    Prints what it is answered.
    """

    def find(self, *args: Any, **options: Any) -> Flow[Delivery | None]:
        def look(answer: Response) -> Response:
            print(answer.status)  # noqa: T201  what it is here for
            return answer

        return hooked(super().find(*args, **options), hear=look)
