"""
Certificates that nobody trusts unless told to.
"""

from __future__ import annotations

import ssl
from datetime import datetime


class Authority:
    """
    A certificate authority for tests. Needs the extra ``tls``.

    Raises:
        ImportError:
            trustme is not installed.

    .. versionadded:: 0.1.0
    """

    def __init__(self) -> None:
        try:
            from trustme import CA  # dear to load, and of use to few
        except ImportError:
            msg = "TLS needs trustme; pip install 'doorstep-contracts[tls]'"
            raise ImportError(msg, name="trustme") from None
        self._authority = CA()

    def serving(self, *names: str, not_after: datetime | None = None) -> ssl.SSLContext:
        """
        Return a context for a server, with a certificate of this authority.

        Args:
            names:
                Hosts that it is for; this computer unless said.

            not_after:
                When it ends, aware; in a year unless said.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        hosts = names or ("localhost", "127.0.0.1")
        self._authority.issue_cert(*hosts, not_after=not_after).configure_cert(context)
        return context

    def trusting(self) -> ssl.SSLContext:
        """
        Return a context for a client that trusts this authority.
        """
        context = ssl.create_default_context()
        self._authority.configure_trust(context)
        return context
