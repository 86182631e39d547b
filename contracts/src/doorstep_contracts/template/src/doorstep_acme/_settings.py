"""
What an account of Acme is reached with.
"""

from __future__ import annotations

import attrs

from doorstep.secret import Secret

__all__ = ["AcmeSettings"]


@attrs.frozen(kw_only=True)
class AcmeSettings:
    """
    What an account of Acme is reached with. Each field is a setting: a keyword of
    ``connect``, an environment variable, a line of TOML.

    Args:
        api_key:
            From the carrier's portal.

        webhook_secret:
            What webhooks are signed with; without it none is believed.

        base_url:
            Where the carrier is; https but for this machine.

        currency:
            What the account is charged in.
    """

    # Whatever must not be seen is a Secret: it shows in no repr, log or traceback.
    api_key: Secret
    webhook_secret: Secret | None = None
    base_url: str = "https://api.acme.example"
    currency: str = "USD"
