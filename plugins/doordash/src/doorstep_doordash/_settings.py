"""
The settings of one DoorDash account: Drive, the Marketplace, or both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import attrs

from doorstep.errors import FieldProblem, SettingsError, ValidationError
from doorstep.secret import Secret
from doorstep.settings import needed_unless
from doorstep_doordash._auth import is_signing_secret
from doorstep_doordash._wire import BUSINESS_ID, CURRENCIES

__all__ = ["DoorDashSettings"]

_ID = re.compile(r"[\x21-\x7e]{1,128}")
_HEADER = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{6,1022}[\x21-\x7e])")
_TOKEN = re.compile(r"[\x21-\x7e]{8,4096}")
_AGENT = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

#: Drive's access key; who has credentials of the Marketplace alone has none.
_DRIVE = ("developer_id", "key_id", "signing_secret")
_MARKETPLACE = (
    "marketplace_developer_id",
    "marketplace_key_id",
    "marketplace_signing_secret",
    "marketplace_token",
)
_OF_DRIVE = needed_unless(*_MARKETPLACE)

_WHOLE_KEY = (
    "must be given with marketplace_developer_id and marketplace_signing_secret, all three or none"
)
_ONE_GENERATION = "must not be given beside an access key of the newer generation"
_WHO_ASKS = "must be given with the credentials of that API"

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


def _is_optional_url(value: object) -> bool:
    return value is None or _is_base_url(value)


def _is_key(value: object) -> bool:
    return value is None or is_signing_secret(value)


def _is_token(value: object) -> bool:
    return value is None or (
        isinstance(value, Secret) and _TOKEN.fullmatch(value.reveal()) is not None
    )


def _is_agent(value: str) -> bool:
    return _AGENT.fullmatch(value) is not None


def _is_batch(value: object) -> bool:
    return type(value) is int and 1 <= value <= 10_000


@attrs.frozen(kw_only=True)
class DoorDashSettings:
    """
    What an account of DoorDash is reached with: Drive, the Marketplace, or both.

    Sandbox and production share one host; the access key decides which it is.

    Args:
        developer_id, key_id, signing_secret:
            The three parts of an access key for Drive, as the developer portal shows
            them. Without all three there are no deliveries and no onboarding, and
            there must be credentials for the Marketplace.

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

        marketplace_developer_id, marketplace_key_id, marketplace_signing_secret:
            The access key for the Marketplace, another one than Drive's.

        marketplace_token:
            The token of the legacy Marketplace API, in place of such a key.

        marketplace_provider_type:
            What DoorDash calls the integration; needed with either.

        marketplace_url:
            Where the Marketplace is, unless where DoorDash has it.

        marketplace_batch:
            Items or options in one request, at most. One that the Marketplace finds
            too large is halved.

        accept_unverified_webhooks:
            Whether anybody may tell what happens to deliveries, as long as there
            are no *webhook_authorizations*. For a machine that nobody else reaches.

    Raises:
        doorstep.errors.SettingsError:
            A setting is wrong; the message does not tell its value.

    .. versionadded:: 0.1.0

    .. versionchanged:: 0.2.0
        The settings of webhooks and of the Marketplace, which may be all that there
        is.
    """

    developer_id: str | None = attrs.field(
        default=None,
        validator=_rule(_optional(_is_id), "must be 1 to 128 visible characters"),
        metadata=_OF_DRIVE,
    )
    key_id: str | None = attrs.field(
        default=None,
        validator=_rule(_optional(_is_id), "must be 1 to 128 visible characters"),
        metadata=_OF_DRIVE,
    )
    signing_secret: Secret | None = attrs.field(
        default=None,
        validator=_rule(_is_key, "must be a Secret of base64url text without padding"),
        metadata=_OF_DRIVE,
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
    marketplace_developer_id: str | None = attrs.field(
        default=None, validator=_rule(_optional(_is_id), "must be 1 to 128 visible characters")
    )
    marketplace_key_id: str | None = attrs.field(
        default=None, validator=_rule(_optional(_is_id), "must be 1 to 128 visible characters")
    )
    marketplace_signing_secret: Secret | None = attrs.field(
        default=None,
        validator=_rule(_is_key, "must be a Secret of base64url text without padding"),
    )
    marketplace_token: Secret | None = attrs.field(
        default=None,
        validator=_rule(
            _is_token, "must be a Secret of 8 to 4096 ASCII characters without white space"
        ),
    )
    marketplace_provider_type: str | None = attrs.field(
        default=None,
        validator=_rule(_optional(_is_agent), "must be 1 to 64 letters, digits, ., _ or -"),
    )
    marketplace_url: str | None = attrs.field(
        default=None, validator=_rule(_is_optional_url, "must be an https URL without a query")
    )
    # Too many are a 413, but nowhere is it told how many are: 100 is a guess.
    marketplace_batch: int = attrs.field(
        default=100, validator=_rule(_is_batch, "must be a whole number 1 to 10000")
    )

    def __attrs_post_init__(self) -> None:
        self._check_drive()
        key = (
            self.marketplace_developer_id,
            self.marketplace_key_id,
            self.marketplace_signing_secret,
        )
        given, token = [one for one in key if one is not None], self.marketplace_token is not None
        _together(not given or len(given) == len(key), "marketplace_key_id", _WHOLE_KEY)
        _together(not (given and token), "marketplace_token", _ONE_GENERATION)
        named = self.marketplace_provider_type is not None
        _together(named or not (given or token), "marketplace_provider_type", _WHO_ASKS)

    @property
    def access_key(self) -> tuple[str, str, Secret] | None:
        """
        Drive's key; None in an account that has the Marketplace alone.
        """
        if self.developer_id is None or self.key_id is None or self.signing_secret is None:
            return None
        return self.developer_id, self.key_id, self.signing_secret

    def _check_drive(self) -> None:
        """
        Refuse half of Drive's key, and neither Drive nor the Marketplace.
        """
        missing = [name for name in _DRIVE if getattr(self, name) is None]
        marketplace = any(getattr(self, name) is not None for name in _MARKETPLACE)
        if not missing or (marketplace and len(missing) == len(_DRIVE)):
            return
        raise SettingRefusedError(
            "is not set up for Drive",
            advice="give all of Drive's access key, or the credentials of the Marketplace alone",
            provider="doordash",
            fields=tuple(FieldProblem(name, "is missing") for name in missing),
        )


def _together(holds: bool, name: str, rule: str) -> None:
    if not holds:
        problem = FieldProblem(name, rule)
        raise SettingRefusedError(
            f"setting {name!r} {rule}", provider="doordash", fields=(problem,)
        )
