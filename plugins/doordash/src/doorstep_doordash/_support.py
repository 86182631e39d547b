"""
Whom to ask at DoorDash.

Source:
    DoorDash, Drive support page, fr-CA, read 2026-11-21. It is the page for Canada in
    French; for other countries nothing is told.
"""

from __future__ import annotations

from typing import Final

from doorstep.provider import ContactKind, SupportContact, SupportTopic

__all__ = ["CONTACTS"]

_PAGE: Final = "Drive support page, fr-CA, read 2026-11-21"
_CANADA: Final = frozenset({"CA"})

CONTACTS: Final = (
    SupportContact(
        kind=ContactKind.PHONE,
        value="855 973-1040",
        about=SupportTopic.LIVE,
        countries=_CANADA,
        source=_PAGE,
    ),
    # The page hides the address from collectors, in the usual code that a browser undoes.
    SupportContact(
        kind=ContactKind.EMAIL,
        value="drive-support@doordash.com",
        about=SupportTopic.PAST,
        countries=_CANADA,
        source=_PAGE,
    ),
    SupportContact(
        kind=ContactKind.PORTAL,
        value="Developer Portal, Support",
        about=SupportTopic.TECHNICAL,
        source=_PAGE,
    ),
)
