"""
A case: everything that support asks for, and a name for everything that is not there.
"""

from __future__ import annotations

import json
from datetime import timedelta

import attrs
import pytest

from doorstep.errors import CarrierUnavailableError, DeliveryNotFoundError, ValidationError
from doorstep.models import Delivery, End, Status
from doorstep.provider import ContactKind, SupportContact, SupportTopic
from doorstep.support import build_case
from doorstep.tracking import Observation

PHONE = SupportContact(
    kind=ContactKind.PHONE, value="555 0100", about=SupportTopic.LIVE, countries={"CA"}, source="x"
)
MAIL = attrs.evolve(PHONE, kind=ContactKind.EMAIL, value="a@acme.example", about=SupportTopic.PAST)
PORTAL = SupportContact(
    kind=ContactKind.PORTAL, value="Portal", about=SupportTopic.TECHNICAL, source="x"
)


@pytest.fixture(name="told")
def _told(kit):
    return Delivery(
        id=kit.ID,
        reference="order-118",
        status=Status.PENDING,
        raw_status="created",
        as_of=kit.START,
        support_ref="8711",
    )


@pytest.fixture(name="build")
def _build(kit, told):
    def build(told=told, **options):
        options.setdefault("contacts", (PHONE, MAIL, PORTAL))
        return build_case(kit.ID, told, made_at=kit.START + timedelta(minutes=5), **options)

    return build


def absent(case):
    """
    Return what is absent, and why.
    """
    return {one.what: one.why for one in case.absent}


def test_case_has_what_support_asks_for(kit, journal, build):
    """
    References, status, timeline, exchanges and steps are there, and nothing is absent.
    """
    kit.call(journal)
    journal.on_change(kit.change(-10, raw_status="quote"))
    case = build(journal=journal, country="CA", contacts=(PHONE, MAIL, contact_for_canada()))

    assert ("8711", "order-118", 1, "D-118") == (
        case.support_ref,
        case.reference,
        case.revision,
        case.carrier_id,
    )
    assert ["quote", "created"] == [one.raw_status for one in case.timeline]
    assert (1, 1) == (len(case.steps), len(case.exchanges))
    assert {} == absent(case)


def contact_for_canada():
    """
    Return the portal, known to hold in Canada.
    """
    return attrs.evolve(PORTAL, countries={"CA"})


def test_what_is_absent_is_named_with_its_reason(build, told):
    """
    No journal, no support reference yet, nobody for that country, no reference.
    """
    bare = attrs.evolve(told, support_ref=None, reference=None)
    why = absent(build(bare, country="US", contacts=(PHONE, PORTAL)))

    assert {"journal", "support_ref", "reference", "contact"} == set(why)
    assert why["journal"].startswith("no journal was kept")
    assert "yet" in why["support_ref"]


def test_each_matter_without_anybody_is_named(build):
    """
    Live, past and technical matters are told apart; what may hold is still shown.
    """
    case = build(country="US", contacts=(PHONE, PORTAL))
    why = [one.why for one in case.absent if one.what == "contact"]

    assert ["live", "past", "technical"] == [one.split(" matters")[0].split()[-1] for one in why]
    assert "other countries" in why[0]
    assert "other countries" not in why[1]
    assert (PHONE, PORTAL) == case.contacts


@pytest.mark.parametrize(
    ("contacts", "what"), [(None, "contacts"), ((), "contact"), ((PHONE,), "country")]
)
def test_contacts_that_nobody_told_are_named(build, contacts, what):
    """
    A plugin may say nothing, or nobody; a caller may not say where.
    """
    assert what in absent(build(contacts=contacts))


def test_those_to_ask_now_come_first(build, told):
    """
    Of a delivery under way the live number, of one that ended the address for past ones.
    """
    ended = attrs.evolve(told, status=Status.DELIVERED, end=End())

    assert (PHONE, MAIL, PORTAL) == build(contacts=(PORTAL, MAIL, PHONE)).contacts
    assert (MAIL, PHONE, PORTAL) == build(ended, contacts=(PORTAL, MAIL, PHONE)).contacts


def test_those_for_the_country_come_first(build):
    """
    Of two for the same matter.
    """
    there = attrs.evolve(PHONE, value="555 0111", countries={"US"})

    assert there == build(country="US", contacts=(PHONE, there)).contacts[0]


def test_case_is_made_without_an_answer(kit, journal, build):
    """
    If the carrier does not answer, all is from the journal, and the case says so.
    """
    kit.call(journal)
    journal.on_change(kit.change(0, support_ref="8711", raw_status="created"))
    journal.on_change(kit.change(5, Status.DELIVERED, end=End(), verified=False))
    case = build(CarrierUnavailableError("got no answer"), journal=journal)

    assert not case.read
    assert ("8711", "order-118", Status.PENDING) == (case.support_ref, case.reference, case.status)
    assert "carrier_unavailable" in absent(case)["delivery"]


def test_refusal_is_told_with_its_status(build):
    """
    The code and the HTTP status help; the carrier's words are not taken over.
    """
    error = DeliveryNotFoundError("Zebulon was not found", http_status=404)
    why = absent(build(error))["delivery"]

    assert "delivery_not_found, HTTP 404" in why
    assert "Zebulon" not in why


def test_case_without_anything_is_still_a_case(build):
    """
    Nothing kept and no answer: the id, whom to ask, and the list of what is absent.
    """
    case = build(CarrierUnavailableError("got no answer"))

    assert {"journal", "delivery", "support_ref", "reference", "timeline"} <= set(absent(case))
    assert case.topic is None
    assert "D-118" in case.to_markdown()


def test_journal_that_fails_is_named(build):
    """
    A damaged file is no reason to have no case.
    """

    class Broken:
        def history(self, *_, **__):
            raise OSError("Zebulon")

    case = build(journal=Broken())

    assert "the journal could not be read (OSError)" == absent(case)["journal"]


def test_store_tells_of_the_past_without_a_journal(kit, build):
    """
    A client that remembers deliveries has a timeline.
    """
    early = Delivery(id=kit.ID, status=Status.DRAFT, as_of=kit.START - timedelta(seconds=9))
    case = build(observations=[Observation(id="o", delivery=early)])

    assert [Status.DRAFT, Status.PENDING] == [one.status for one in case.timeline]


def test_long_history_is_shortened_in_the_middle(kit, journal, build):
    """
    The beginning and the end are shown, and how much is left out.
    """
    for number in range(100):
        kit.call(journal, f"c{number}", number)
    case = build(journal=journal)

    assert 60 == len(case.exchanges) == len(case.steps)
    assert ("c0", "c99") == (case.exchanges[0].call_id, case.exchanges[-1].call_id)
    assert "40 exchanges in the middle are left out" == absent(case)["exchanges"]


def test_json_names_every_field(kit, journal, build):
    """
    Programs find all of it, with times and enums as text and what is absent as null.
    """
    kit.call(journal)
    case = build(journal=journal)
    told = json.loads(case.to_json())

    assert {field.name for field in attrs.fields(type(case))} | {"version", "topic"} == set(told)
    assert ("live", "pending", None) == (told["topic"], told["status"], told["country"])
    assert ["CA"] == told["contacts"][0]["countries"]
    assert {"address": "***"} == told["exchanges"][0]["request_body"]
    assert "2026-11-22T12:05:00+00:00" == told["made_at"]


@pytest.mark.parametrize("countries", [{"us"}, {"USA"}, "US, CA", {""}])
def test_country_of_a_contact_is_a_code(countries):
    """
    A wrong one would silently never match.
    """
    with pytest.raises(ValidationError):
        attrs.evolve(PHONE, countries=countries)
