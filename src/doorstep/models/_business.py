"""
The businesses that a platform serves, and their stores, as registered with a carrier.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

import attrs

from doorstep.models._checks import (
    E164,
    aware,
    instance_of,
    line,
    masked,
    matches,
    optional,
    require,
    to_utc,
)
from doorstep.models._extension import Raw
from doorstep.models._place import Address

_ID = re.compile(r"[\x21-\x7e]{1,128}")
_ID_RULE = "must be 1 to 128 visible ASCII characters"
_PHONE_RULE = "must be E.164: + and 7 to 15 digits"


class BusinessStatus(StrEnum):
    """
    How far a business is with the carrier.
    """

    INITIATED = "initiated"
    #: Somebody outside the carrier must do something.
    PENDING_EXTERNAL_ACTIVATION = "pending_external_activation"
    PENDING_LEGAL_AGREEMENT = "pending_legal_agreement"
    ABANDONED = "abandoned"
    FAILED = "failed"
    ACTIVE = "active"
    INACTIVE = "inactive"
    #: None that we know; see ``raw_status``.
    UNKNOWN = "unknown"


class StoreStatus(StrEnum):
    """
    Whether couriers can be sent to a registered store.
    """

    ACTIVE = "active"
    INACTIVE = "inactive"
    #: None that we know; see ``raw_status``.
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class NewBusiness:
    """
    A business to register.

    Args:
        id:
            The caller's choice, kept for good.

        name:
            What customers, couriers and support see.

        status:
            Where its registration stands; None leaves it to the carrier.
    """

    id: str = attrs.field(validator=matches(_ID, _ID_RULE))
    name: str = attrs.field(validator=line())
    description: str | None = attrs.field(default=None, validator=optional(line(500)))
    status: BusinessStatus | None = attrs.field(
        default=None, validator=optional(instance_of(BusinessStatus))
    )


@attrs.frozen(kw_only=True)
class BusinessChanges:
    """
    What is to be different about a business; None stays as it is.
    """

    name: str | None = attrs.field(default=None, validator=optional(line()))
    description: str | None = attrs.field(default=None, validator=optional(line(500)))
    status: BusinessStatus | None = attrs.field(
        default=None, validator=optional(instance_of(BusinessStatus))
    )

    def __attrs_post_init__(self) -> None:
        given = (self.name, self.description, self.status)
        require(self, "name", any(one is not None for one in given), "or another must be given")


@attrs.frozen(kw_only=True)
class Business:
    """
    A business as the carrier tells it.

    Args:
        status, raw_status:
            In our words and the carrier's.

        test:
            Whether it is one to try things with.

        stores:
            How many stores it has, where told.

        phone:
            As the carrier writes it.
    """

    id: str
    name: str | None = None
    description: str | None = None
    status: BusinessStatus = attrs.field(
        default=BusinessStatus.UNKNOWN, validator=instance_of(BusinessStatus)
    )
    raw_status: str | None = None
    test: bool | None = attrs.field(default=None, validator=optional(instance_of(bool)))
    stores: int | None = None
    phone: str | None = attrs.field(default=None, repr=masked)
    created_at: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    updated_at: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    raw: Raw = attrs.field(factory=Raw, converter=Raw, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class NewStore:
    """
    A store to register under a business.

    Args:
        id:
            The caller's choice, kept for good.

        phone:
            E.164; for customers, couriers and support.
    """

    id: str = attrs.field(validator=matches(_ID, _ID_RULE))
    name: str = attrs.field(validator=line())
    address: Address = attrs.field(validator=instance_of(Address))
    phone: str | None = attrs.field(
        default=None, validator=optional(matches(E164, _PHONE_RULE)), repr=masked
    )


@attrs.frozen(kw_only=True)
class StoreChanges:
    """
    What is to be different about a store; None stays as it is.
    """

    name: str | None = attrs.field(default=None, validator=optional(line()))
    address: Address | None = attrs.field(default=None, validator=optional(instance_of(Address)))
    phone: str | None = attrs.field(
        default=None, validator=optional(matches(E164, _PHONE_RULE)), repr=masked
    )

    def __attrs_post_init__(self) -> None:
        given = (self.name, self.address, self.phone)
        require(self, "name", any(one is not None for one in given), "or another must be given")


@attrs.frozen(kw_only=True)
class Store:
    """
    A registered store as the carrier tells it. Dispatch from it by its ids:
    ``Address(store_ref=StoreRef(store=store.id, business=store.business))``.

    Args:
        address, phone:
            As the carrier writes them.

        status, raw_status:
            In our words and the carrier's.
    """

    id: str
    business: str
    name: str | None = None
    address: str | None = attrs.field(default=None, repr=masked)
    phone: str | None = attrs.field(default=None, repr=masked)
    status: StoreStatus = attrs.field(
        default=StoreStatus.UNKNOWN, validator=instance_of(StoreStatus)
    )
    raw_status: str | None = None
    test: bool | None = attrs.field(default=None, validator=optional(instance_of(bool)))
    created_at: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    updated_at: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    raw: Raw = attrs.field(factory=Raw, converter=Raw, repr=False, eq=False)
