"""
Requests, from a file or from options.
"""

from __future__ import annotations

from pathlib import Path

import attrs
from cyclopts import Parameter

from doorstep.cli._files import read_value
from doorstep.cli._money import money, schedule
from doorstep.cli._shared import Input, flag, given_by, invalid
from doorstep.models import Address, Asap, Contact, DeliveryRequest, Stop

__all__ = ["RequestOptions"]


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class RequestOptions:
    """
    A request: a file, or options for the common case.

    Args:
        request:
            A file with the request as JSON; - is stdin.

        reference:
            Your id of it.

        revision:
            Which attempt under the reference, from 1.

        pickup_address:
            Where from, on one line.

        pickup_name:
            The name over the door there.

        pickup_phone:
            As +16505555555.

        dropoff_address:
            Where to, on one line.

        dropoff_name:
            The recipient's name as one; or give its parts.

        dropoff_given_name:
            The recipient's given name.

        dropoff_family_name:
            The recipient's family name.

        dropoff_phone:
            As +16505555555.

        instructions:
            For the courier, at the door.

        order_value:
            What the goods are worth: '19.99 USD'.

        tip:
            For the courier: '5.00 USD'.

        pickup_at:
            Be at the pickup then: 2026-11-22T18:30:00+01:00. Else as soon as possible.

        dropoff_at:
            Be at the dropoff then.
    """

    request: Input | None = None
    reference: str | None = None
    revision: int | None = None
    pickup_address: str | None = None
    pickup_name: str | None = None
    pickup_phone: str | None = None
    dropoff_address: str | None = None
    dropoff_name: str | None = None
    dropoff_given_name: str | None = None
    dropoff_family_name: str | None = None
    dropoff_phone: str | None = None
    instructions: str | None = None
    order_value: str | None = None
    tip: str | None = None
    pickup_at: str | None = None
    dropoff_at: str | None = None

    def read(self) -> DeliveryRequest:
        """
        Return the request.

        Raises:
            doorstep.errors.ValidationError:
                Something is missing, wrong, or said twice.
        """
        return self._from_options() if self.request is None else self._from_file(self.request)

    def _from_file(self, path: Path) -> DeliveryRequest:
        allowed = {"request", "reference", "revision"}
        given = [name for name in attrs.asdict(self) if getattr(self, name) is not None]
        extra = [flag(name) for name in given if name not in allowed]
        if extra:
            raise invalid(extra[0], "is in the file already, or belongs there (--request)")
        found = read_value("--request", path, DeliveryRequest)
        return attrs.evolve(
            found,
            reference=self.reference or found.reference,
            revision=found.revision if self.revision is None else self.revision,
        )

    def _from_options(self) -> DeliveryRequest:
        needed = ("reference", "pickup_address", "dropoff_address")
        missing = [flag(name) for name in needed if getattr(self, name) is None]
        if missing:
            raise invalid(", ".join(missing), "must be given, or --request FILE")
        assert self.reference is not None  # noqa: S101  for the type checker
        own = ("reference", "revision", "order_value", "tip")
        with given_by(**{name: name for name in own}):
            return DeliveryRequest(
                reference=self.reference,
                revision=1 if self.revision is None else self.revision,
                pickup=self._pickup(),
                dropoffs=self._dropoff(),
                schedule=schedule(self.pickup_at, self.dropoff_at) or Asap(),
                order_value=money("--order-value", self.order_value),
                tip=money("--tip", self.tip),
            )

    def _pickup(self) -> Stop:
        with given_by(one_line="pickup_address", business="pickup_name", phone="pickup_phone"):
            return Stop(
                address=Address(one_line=self.pickup_address),
                contact=Contact(business=self.pickup_name, phone=self.pickup_phone),
            )

    def _dropoff(self) -> Stop:
        with given_by(
            one_line="dropoff_address",
            display="dropoff_name",
            given="dropoff_given_name",
            family="dropoff_family_name",
            phone="dropoff_phone",
            instructions="instructions",
        ):
            return Stop(
                address=Address(one_line=self.dropoff_address),
                contact=Contact(
                    display=self.dropoff_name,
                    given=self.dropoff_given_name,
                    family=self.dropoff_family_name,
                    phone=self.dropoff_phone,
                ),
                instructions=self.instructions,
            )
