"""
Whom to ask at DoorDash, and a support case against the Drive server.
"""

from __future__ import annotations

from doorstep.provider import ContactKind, Supports, SupportTopic
from doorstep_doordash._support import CONTACTS


def test_provider_says_whom_to_ask(provider):
    """
    By phone while it is under way, by e-mail afterwards, in the portal about the API.
    """
    told = [(one.about, one.kind, one.value) for one in provider.support_contacts()]

    assert isinstance(provider, Supports)
    assert [
        (SupportTopic.LIVE, ContactKind.PHONE, "855 973-1040"),
        (SupportTopic.PAST, ContactKind.EMAIL, "drive-support@doordash.com"),
        (SupportTopic.TECHNICAL, ContactKind.PORTAL, "Developer Portal, Support"),
    ] == told


def test_contacts_claim_no_country_that_nobody_told():
    """
    The page is Canada's; the portal is told for no country.
    """
    assert [{"CA"}, {"CA"}, set()] == [set(one.countries) for one in CONTACTS]


def test_address_is_the_one_that_the_page_hides():
    """
    What a browser makes of the page's code is the address that is given here.
    """
    code = bytes.fromhex("5733253e21327a2422272738252317333838253336243f7934383a")
    address = bytes(one ^ code[0] for one in code[1:]).decode()
    (mail,) = [one for one in CONTACTS if one.kind is ContactKind.EMAIL]

    assert address == mail.value
