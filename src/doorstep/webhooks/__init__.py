"""
Webhooks: what a carrier tells by itself, received in any web framework.

A client's ``receive`` takes a :class:`WebhookRequest` and says what to answer;
:func:`wsgi`, :func:`asgi` and :func:`django_view` do it for a server.
"""

from doorstep.webhooks._asgi import asgi
from doorstep.webhooks._messages import Webhook, WebhookAnswer, WebhookRequest
from doorstep.webhooks._receive import Received, receive
from doorstep.webhooks._wsgi import django_view, wsgi

__all__ = [
    "Received",
    "Webhook",
    "WebhookAnswer",
    "WebhookRequest",
    "asgi",
    "django_view",
    "receive",
    "wsgi",
]
