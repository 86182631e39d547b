"""
One small request, as doorstep knows it and as a person writes it.
"""

from __future__ import annotations

from doorstep.models import Address, Contact, DeliveryRequest, Money, Stop

REQUEST = DeliveryRequest(
    reference="order-118",
    pickup=Stop(address=Address(one_line="901 Market Street"), contact=Contact(business="Bakery")),
    dropoffs=Stop(
        address=Address(one_line="1 Ferry Building"),
        contact=Contact(given="Ada", phone="+16505555555"),
        instructions="Ring twice.",
    ),
    order_value=Money(1999, "USD"),
    tip=Money(500, "USD"),
)
#: The same, in the plain form of files.
PLAIN = {
    "reference": "order-118",
    "pickup": {"address": "901 Market Street", "contact": {"business": "Bakery"}},
    "dropoff": {
        "address": {"one_line": "1 Ferry Building"},
        "contact": {"given": "Ada", "phone": "+16505555555"},
        "instructions": "Ring twice.",
    },
    "order_value": "19.99 USD",
    "tip": {"minor": 500, "currency": "USD"},
}
