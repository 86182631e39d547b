"""
The settings of one DoorDash Drive account.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import attrs

from doorstep.errors import FieldProblem, SettingsError, ValidationError
from doorstep.secret import Secret
from doorstep_doordash._auth import is_signing_secret
from doorstep_doordash._wire import BUSINESS_ID, CURRENCIES

__all__ = ["DoorDashSettings"]

_ID = re.compile(r"[\x21-\x7e]{1,128}")
_HEADER = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{6,1022}[\x21-\x7e])")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Validator = Callable[[Any, "attrs.Attribute[Any]", Any], None]


class SettingRefusedError(SettingsError, ValidationError):
    """
    A setting breaks a rule. Both, because the core repeats the rule of a
    ``ValidationError`` alone when it reads settings.
    """


def _rule(holds: Callable[[Any], bool], rule: str) -> Validator:
    """
    Return a validator that names the setting and never its value.
    """

    def check(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not holds(value):
            problem = FieldProblem(attribute.name, rule)
            raise SettingRefusedError(
                f"setting {attribute.name!r} {rule}", provider="doordash", fields=(problem,)
            )

    return check


def _optional(holds: Callable[[str], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or (type(value) is str and holds(value))


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _is_business(value: str) -> bool:
    return BUSINESS_ID.fullmatch(value) is not None


def _are_authorizations(values: object) -> bool:
    """
    Whether each can be a header as it stands: in any other text servers differ.
    """
    return isinstance(values, tuple) and all(
        isinstance(one, Secret) and _HEADER.fullmatch(one.reveal()) for one in values
    )


def _is_base_url(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parts = urlsplit(value)
        safe = parts.scheme == "https" or parts.hostname in _LOOPBACK
    except ValueError:
        return False
    clean = not (parts.query or parts.fragment or parts.username or parts.password)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and safe and clean


@attrs.frozen(kw_only=True)
class DoorDashSettings:
    """
    What an account of DoorDash Drive is reached with.

    Sandbox and production share one host; the access key decides which it is.

    Args:
        developer_id, key_id, signing_secret:
            The three parts of an access key, as the developer portal shows them.

        base_url:
            Where Drive is; https but for this machine.

        business_id:
            The external business id for stores that are named without one.

        currency:
            What this account is charged in, if requests in another currency are
            to be refused: USD, CAD or AUD.

        webhook_authorizations:
            What the developer portal has as the authorization of the webhook, the
            whole of it; several while one takes the place of another.

        accept_unverified_webhooks:
            Whether anybody may tell what happens to deliveries, as long as there
            are no *webhook_authorizations*. For a machine that nobody else reaches.

    Raises:
        doorstep.errors.SettingsError:
            A setting is wrong; the message does not tell its value.

    .. versionadded:: 0.1.0

    .. versionchanged:: 0.2.0
        The settings of webhooks.
    """

    developer_id: str = attrs.field(validator=_rule(_is_id, "must be 1 to 128 visible characters"))
    key_id: str = attrs.field(validator=_rule(_is_id, "must be 1 to 128 visible characters"))
    signing_secret: Secret = attrs.field(
        validator=_rule(is_signing_secret, "must be a Secret of base64url text without padding")
    )
    base_url: str = attrs.field(
        default="https://openapi.doordash.com",
        validator=_rule(_is_base_url, "must be an https URL without a query"),
    )
    business_id: str | None = attrs.field(
        default=None,
        validator=_rule(
            _optional(_is_business),
            "must be 3 to 64 letters, digits, _ or -",
        ),
    )
    currency: str | None = attrs.field(
        default=None,
        validator=_rule(_optional(CURRENCIES.__contains__), "must be USD, CAD or AUD"),
    )
    webhook_authorizations: tuple[Secret, ...] = attrs.field(
        default=(),
        validator=_rule(
            _are_authorizations,
            "must be a tuple of Secrets; each of 8 to 1024 ASCII characters, on one line",
        ),
    )
    accept_unverified_webhooks: bool = attrs.field(
        default=False, validator=_rule(lambda value: type(value) is bool, "must be True or False")
    )
