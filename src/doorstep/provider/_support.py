"""
Whom a shop can ask for help.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, runtime_checkable

import attrs

from doorstep.errors import FieldProblem, ValidationError


class ContactKind(StrEnum):
    """
    How somebody is reached.
    """

    PHONE = "phone"
    EMAIL = "email"
    PORTAL = "portal"


class SupportTopic(StrEnum):
    """
    What somebody can be asked about.
    """

    #: A delivery that is under way.
    LIVE = "live"
    #: A delivery that has ended.
    PAST = "past"
    #: The interface itself, and the account.
    TECHNICAL = "technical"


def _countries(value: Iterable[str]) -> frozenset[str]:
    return frozenset((value,) if isinstance(value, str) else value)


@attrs.frozen(kw_only=True)
class SupportContact:
    """
    Somebody at the carrier who helps.

    Args:
        kind, value:
            How to reach them: the number, address or name as the carrier writes it.

        about:
            What they can be asked about.

        countries:
            Where that was told to hold, as ISO 3166-1 alpha-2 codes; empty where
            it was not told.

        source:
            Where it is told, and what about it is uncertain.

    .. versionadded:: 0.2.0
    """

    kind: ContactKind = attrs.field(converter=ContactKind)
    value: str
    about: SupportTopic = attrs.field(converter=SupportTopic)
    countries: frozenset[str] = attrs.field(factory=frozenset, converter=_countries)
    source: str

    @countries.validator
    def _check(self, _: object, countries: frozenset[str]) -> None:
        if not all(len(one) == 2 and one.isascii() and one.isupper() for one in countries):
            rule = FieldProblem("SupportContact.countries", "must be codes like 'US'")
            raise ValidationError("SupportContact is not valid", fields=(rule,))


@runtime_checkable
class Supports(Protocol):
    """
    Carriers whose support can be reached by means that are known.
    """

    def support_contacts(self) -> tuple[SupportContact, ...]:
        """
        Return whom to ask: a plain function, no flow. Nothing is guessed.
        """
