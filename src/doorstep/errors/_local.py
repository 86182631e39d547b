"""
Errors raised before any carrier is asked.
"""

from __future__ import annotations

from typing import Any

from doorstep.errors._base import DoorstepError


class SettingsError(DoorstepError):
    """
    A setting is missing, unknown or wrong; the message names it, never its value.
    """

    code = "settings"


class ClientClosedError(DoorstepError):
    """
    The client was closed before this call. Nothing was sent.
    """

    code = "client_closed"
    advice = "connect again"


class PluginError(DoorstepError):
    """
    A plugin cannot be used; the other plugins are not affected.
    """

    code = "plugin"


class NoSuchProviderError(PluginError):
    """
    No installed plugin has that name.
    """

    code = "no_such_provider"


class DuplicateProviderError(PluginError):
    """
    Two distributions claim one provider name; both are named.
    """

    code = "duplicate_provider"
    advice = "uninstall one, or allow one of them by its distribution"


class IncompatibleProviderError(PluginError):
    """
    The plugin was built for another version of the plugin API; both are named.
    """

    code = "incompatible_provider"


class ProviderLoadError(PluginError):
    """
    The plugin raised while it was loaded or asked for its provider.
    """

    code = "provider_load"


class UnsupportedError(DoorstepError):
    """
    The carrier, or this account, cannot do that. Refused before the network.

    ``params["capability"]`` names what is missing.
    """

    code = "unsupported"
    advice = "see Client.capabilities before asking"


class WebhookRejectedError(DoorstepError):
    """
    A webhook is not from the carrier, or cannot be read. Nothing was believed.

    Args:
        reason:
            ``unauthenticated``, ``unconfigured``, ``malformed``, ``stale`` or another
            word that fits; also in ``params``.

        status:
            The HTTP status to answer with.
    """

    code = "webhook_rejected"

    def __init__(
        self, what: str, *, reason: str = "malformed", status: int = 400, **options: Any
    ) -> None:
        super().__init__(what, params={**options.pop("params", {}), "reason": reason}, **options)
        self.reason = reason
        self.status = status
