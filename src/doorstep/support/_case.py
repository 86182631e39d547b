"""
What support asks for, in one value.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

import attrs
import orjson

from doorstep.errors import DoorstepError
from doorstep.http import Exchange
from doorstep.models import Delivery, DeliveryId, Status
from doorstep.provider import SupportContact, SupportTopic
from doorstep.support._journal import Journal, in_order
from doorstep.support._markdown import markdown
from doorstep.support._values import (
    Absence,
    History,
    Step,
    TimelineEntry,
    entry_of,
    plain_reference,
)
from doorstep.tracking import Observation

__all__ = ["SupportCase", "build_case"]

T = TypeVar("T")

#: Of more calls or exchanges than the sum, the first ones and the last ones are shown.
_FIRST, _LAST = 20, 40
#: Grows when a reader of the old form could misread the new one.
_VERSION = 1
_ORDER = tuple(SupportTopic)


@attrs.frozen(kw_only=True)
class SupportCase:
    """
    What a carrier's support asks for about one delivery, without anything personal.

    Args:
        made_at:
            When it was collected.

        carrier_id:
            The carrier's id of the delivery.

        support_ref:
            What the carrier's support asks for first, if it was told.

        reference, revision:
            The caller's id, and the attempt under it.

        status, raw_status:
            As it was told last.

        read:
            Whether the carrier answered just now; if not, all is from what was kept.

        country:
            Where help is wanted, if the caller said so.

        timeline:
            What was told of the delivery, the oldest first.

        steps:
            The calls about it in order, and what came of each.

        exchanges:
            Their requests and answers, redacted.

        contacts:
            Whom to ask; those for what the delivery is now, and for the country, first.

        absent:
            What is missing, and why.

    .. versionadded:: 0.2.0
    """

    made_at: datetime
    provider: str
    account: str
    carrier_id: str
    support_ref: str | None = None
    reference: str | None = None
    revision: int | None = None
    status: Status | None = None
    raw_status: str | None = None
    read: bool = False
    country: str | None = None
    timeline: tuple[TimelineEntry, ...] = ()
    steps: tuple[Step, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    contacts: tuple[SupportContact, ...] = ()
    absent: tuple[Absence, ...] = ()

    @property
    def topic(self) -> SupportTopic | None:
        """
        Whether the delivery is under way or has ended; None where nobody knows.
        """
        if self.status in (None, Status.UNKNOWN):
            return None
        return SupportTopic.PAST if self.status.terminal else SupportTopic.LIVE

    def to_markdown(self) -> str:
        """
        Return it for people, to be pasted into a ticket.

        What is not ours stands in code, where no mark-up of its own takes effect,
        and characters that act on a terminal or hide are written out.
        """
        return markdown(self)

    def to_json(self) -> str:
        """
        Return it for programs. Names are as the fields; times are RFC 3339.
        """
        told = {"version": _VERSION, "topic": self.topic, **_fields(self)}
        return orjson.dumps(told, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()


def build_case(
    delivery: DeliveryId,
    told: Delivery | DoorstepError,
    *,
    made_at: datetime,
    journal: Journal | None = None,
    observations: Iterable[Observation] = (),
    contacts: tuple[SupportContact, ...] | None = None,
    country: str | None = None,
) -> SupportCase:
    """
    Collect a case. ``client.support_case`` asks the carrier and calls this.

    Args:
        told:
            What the carrier said just now, or why it said nothing.

        journal, observations:
            What was kept, if anything was.

        contacts:
            Whom to ask; None if the plugin does not say.
    """
    read = told if isinstance(told, Delivery) else None
    absent: list[Absence] = []
    history = _history(delivery, read, journal, absent)
    entries = [*history.timeline, *_entries(observations)]
    if read is not None:
        now = entry_of(read, asked=True, verified=True)
        entries += [] if now is None else [now]
    timeline = in_order(entries)
    last = next((one for one in reversed(timeline) if one.verified), None)
    status = last.status if last else None
    support_ref = plain_reference(read.support_ref) if read else None
    reference, revision = history.reference, history.revision
    if read is not None and read.reference is not None:
        reference, revision = read.reference, read.revision
    case = SupportCase(
        made_at=made_at,
        provider=delivery.provider,
        account=delivery.account,
        carrier_id=delivery.value,
        support_ref=support_ref or history.support_ref,
        reference=reference,
        revision=revision,
        status=read.status if read else status,
        raw_status=last.raw_status if last else None,
        read=read is not None,
        country=country,
        timeline=_middle_out(timeline, "statuses", absent),
        steps=_middle_out(history.steps, "calls", absent),
        exchanges=_middle_out(history.exchanges, "exchanges", absent),
    )
    absent += _missing(case, told)
    absent += _nobody(contacts, country)
    ordered = _ordered(contacts or (), case.topic, country)
    return attrs.evolve(case, contacts=ordered, absent=tuple(absent))


def _history(
    delivery: DeliveryId, read: Delivery | None, journal: Journal | None, absent: list[Absence]
) -> History:
    """
    Return what *journal* keeps. One that fails is no reason to have no case.
    """
    if journal is None:
        absent.append(Absence(what="journal", why="no journal was kept: see Journal"))
        return History()
    known = (None, None) if read is None else (read.reference, read.revision)
    try:
        found = journal.history(delivery, reference=known[0], revision=known[1])
    except Exception as error:  # noqa: BLE001  a full disk, a damaged file
        why = f"the journal could not be read ({type(error).__name__})"
        absent.append(Absence(what="journal", why=why))
        return History()
    if not found.exchanges:
        why = "the journal keeps no exchange about it: begun later, or dropped since"
        absent.append(Absence(what="exchanges", why=why))
    return found


def _entries(observations: Iterable[Observation]) -> list[TimelineEntry]:
    told = (entry_of(one.delivery, asked=one.asked, verified=one.verified) for one in observations)
    return [one for one in told if one is not None]


def _middle_out(all_of_them: tuple[T, ...], name: str, absent: list[Absence]) -> tuple[T, ...]:
    if len(all_of_them) <= _FIRST + _LAST:
        return all_of_them
    left = len(all_of_them) - _FIRST - _LAST
    absent.append(Absence(what=name, why=f"{left} {name} in the middle are left out"))
    return all_of_them[:_FIRST] + all_of_them[-_LAST:]


def _missing(case: SupportCase, told: Delivery | DoorstepError) -> list[Absence]:
    found = []
    if isinstance(told, DoorstepError):
        status = getattr(told, "http_status", None)
        how = f"{told.code}, HTTP {status}" if status is not None else told.code
        why = f"the delivery could not be read just now ({how}): all here was kept before"
        found.append(Absence(what="delivery", why=why))
    if case.support_ref is None:
        why = "the carrier gave no support reference yet" if case.read else "none was kept"
        found.append(Absence(what="support_ref", why=why))
    if case.reference is None:
        found.append(Absence(what="reference", why="the carrier did not tell it"))
    if not case.timeline:
        found.append(Absence(what="timeline", why="no status was told"))
    return found


def _nobody(contacts: tuple[SupportContact, ...] | None, country: str | None) -> list[Absence]:
    """
    Say for which matters nobody is known.
    """
    if contacts is None:
        return [Absence(what="contacts", why="the plugin does not say whom to ask")]
    found = []
    if country is None and contacts:
        why = "not said: help differs from country to country"
        found.append(Absence(what="country", why=why))
    for topic in SupportTopic:
        about = [one for one in contacts if one.about is topic]
        there = [one for one in about if country is None or country in one.countries]
        if not there:
            where = f" in {country}" if country else ""
            why = f"whom to ask for {topic.value} matters{where} is not told"
            if about:
                why += "; those above are for other countries, or for none in particular"
            found.append(Absence(what="contact", why=why))
    return found


def _ordered(
    contacts: tuple[SupportContact, ...], topic: SupportTopic | None, country: str | None
) -> tuple[SupportContact, ...]:
    return tuple(
        sorted(
            contacts,
            key=lambda one: (
                topic is not None and one.about is not topic,
                _ORDER.index(one.about),
                country is not None and country not in one.countries,
            ),
        )
    )


def _fields(value: Any) -> dict[str, Any]:
    return attrs.asdict(value, recurse=False)


def _plain(value: Any) -> Any:
    if attrs.has(type(value)):
        return _fields(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return value.value if isinstance(value, Enum) else str(value)
