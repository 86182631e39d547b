"""
Support cases, from both clients.
"""

from __future__ import annotations

import attrs
import pytest

from doorstep.errors import ValidationError
from doorstep.models import Status
from doorstep.provider import ContactKind, SupportContact, Supports, SupportTopic
from doorstep.support import Journal, SqliteJournal
from doorstep.testing import FakeProvider
from doorstep.tracking import MemoryEventStore

PHONE = SupportContact(
    kind=ContactKind.PHONE, value="555 0100", about=SupportTopic.LIVE, countries={"US"}, source="x"
)


@attrs.frozen(kw_only=True)
class Helpful(FakeProvider):
    """
    A provider that says whom to ask.
    """

    def support_contacts(self):
        return (PHONE,)


def absent(case):
    """
    Return what is absent.
    """
    return {one.what for one in case.absent}


def test_case_is_collected_from_the_clients_own_journal(connect, wish):
    """
    Whoever observes with a journal need not give it again.
    """
    client = connect(observers=[Journal()])
    booked = client.dispatch(wish)
    case = client.support_case(booked.id)

    assert ["dispatch", "track"] == [one.operation for one in case.steps]
    assert ["dispatch", "track"] == [one.operation for one in case.exchanges]
    assert ("order-1", 1, True) == (case.reference, case.revision, case.read)
    assert "journal" not in absent(case)


def test_given_journal_comes_first(connect, wish, tmp_path):
    """
    A case may be made from what another process kept.
    """
    with SqliteJournal(tmp_path / "journal.db") as kept:
        booked = connect(observers=[kept]).dispatch(wish)
        case = connect().support_case(booked.id, journal=kept)

    assert ["dispatch"] == [one.operation for one in case.exchanges]


def test_case_without_a_journal_says_so(connect, wish):
    """
    It has what the carrier tells, and names the rest.
    """
    client = connect()
    case = client.support_case(str(client.dispatch(wish).id))

    assert Status.PENDING is case.status
    assert {"journal", "contacts"} <= absent(case)


def test_store_gives_the_timeline(connect, wish, carrier):
    """
    What a client remembers of the delivery is told without a journal too.
    """
    client = connect(store=MemoryEventStore())
    booked = client.dispatch(wish)
    carrier.advance(booked.id, Status.ASSIGNED)
    client.track(booked.id)
    carrier.advance(booked.id, Status.TO_PICKUP)
    case = client.support_case(booked.id)

    assert [Status.PENDING, Status.ASSIGNED, Status.TO_PICKUP] == [
        one.status for one in case.timeline
    ]


def test_store_that_fails_costs_no_case(connect, wish, caplog):
    """
    It is reported by its kind, and the case is made.
    """

    class Broken(MemoryEventStore):
        def history(self, delivery):
            raise OSError("Zebulon")

    client = connect(store=Broken())
    case = client.support_case(client.dispatch(wish).id)

    assert case.read
    assert "OSError" in caplog.text
    assert "Zebulon" not in caplog.text


def test_unreadable_delivery_makes_a_case(connect, wish):
    """
    If the carrier does not know it, the case says so and has the rest.
    """
    client = connect(observers=[Journal()])
    client.dispatch(wish)
    case = client.support_case("fake/default/nobody")

    assert not case.read
    assert "delivery" in absent(case)
    assert ["delivery_not_found"] == [one.error for one in case.steps]


def test_closed_client_makes_a_case_of_what_was_kept(carrier, wish):
    """
    Nothing is sent.
    """
    client = carrier.connect(observers=[Journal()])
    booked = client.dispatch(wish)
    client.close()
    case = client.support_case(booked.id)

    assert not case.read
    assert Status.PENDING is case.status


def test_provider_says_whom_to_ask(connect, wish, carrier):
    """
    A provider with ``support_contacts`` is one of ``Supports``.
    """
    carrier.provider = Helpful()
    client = connect()
    case = client.support_case(client.dispatch(wish).id, country="US")

    assert isinstance(Helpful(), Supports)
    assert (PHONE,) == case.contacts


@pytest.mark.parametrize(
    ("delivery", "country"),
    [("other/default/x", None), ("no id", None), ("fake/default/x", "usa"), ("fake/default/x", 1)],
)
def test_wrong_arguments_are_refused(connect, delivery, country):
    """
    Another account's delivery and what is no country code.
    """
    with pytest.raises(ValidationError):
        connect().support_case(delivery, country=country)
