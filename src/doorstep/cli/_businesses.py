"""
The commands for the businesses that a platform serves.
"""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from doorstep.cli._listing import show_each
from doorstep.cli._shared import Account, Asking, given_by
from doorstep.cli._shop import business_parts, with_raw
from doorstep.codec import to_json
from doorstep.models import BusinessChanges, BusinessStatus, NewBusiness

__all__ = ["create", "list_all", "show", "update"]

_HEADINGS = ("business", "name", "status", "stores")
_OPTIONS = {"name": "name", "description": "description", "status": "status"}
#: The options that create and update have in common.
_Description = Annotated[str | None, Parameter(help="A line about it.")]
_Status = Annotated[BusinessStatus | None, Parameter(help="Where its registration stands.")]


def list_all(
    provider: str,
    /,
    *,
    status: Annotated[BusinessStatus | None, Parameter(help="Only those.")] = None,
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    List the businesses, each once.

    --deadline is for each page. If the list breaks off, what came of it is shown.

    Args:
        provider:
            The plugin's name.
    """
    with asking.connect(provider, account) as courier:
        found = courier.onboarding.businesses(status, deadline_s=asking.deadline)
        rows = (
            (
                one,
                (
                    one.id,
                    one.name or "-",
                    with_raw(one.status.value, one.raw_status),
                    "-" if one.stores is None else str(one.stores),
                ),
            )
            for one in found
        )
        show_each(asking.output, _HEADINGS, rows, empty="The carrier knows no such business.")


def show(
    provider: str,
    business: str,
    /,
    *,
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Show a business.

    Args:
        provider:
            The plugin's name.

        business:
            Your id of it.
    """
    with asking.connect(provider, account) as courier:
        found = courier.onboarding.get_business(business, deadline_s=asking.deadline)
    asking.output.value(to_json(found), *business_parts(found))


def create(
    provider: str,
    business: str,
    /,
    *,
    name: Annotated[str, Parameter(help="What customers, couriers and support see.")],
    description: _Description = None,
    status: _Status = None,
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Register a business. One that is there already, and the same, is shown.

    Args:
        provider:
            The plugin's name.

        business:
            Your id of it, for good.
    """
    with given_by(id="BUSINESS", **_OPTIONS):
        new = NewBusiness(id=business, name=name, description=description, status=status)
    with asking.connect(provider, account) as courier:
        made = courier.onboarding.create_business(new, deadline_s=asking.deadline)
    asking.output.value(to_json(made), *business_parts(made))


def update(
    provider: str,
    business: str,
    /,
    *,
    name: Annotated[str | None, Parameter(help="What customers see.")] = None,
    description: _Description = None,
    status: _Status = None,
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Change a business; what is not given stays as it is.

    Args:
        provider:
            The plugin's name.

        business:
            Your id of it.
    """
    with given_by(**_OPTIONS):
        changes = BusinessChanges(name=name, description=description, status=status)
    with asking.connect(provider, account) as courier:
        told = courier.onboarding.update_business(business, changes, deadline_s=asking.deadline)
    asking.output.value(to_json(told), *business_parts(told))
