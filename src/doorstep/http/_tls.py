"""
TLS that verifies: one context for the process, and a look at those that callers bring.
"""

from __future__ import annotations

import ssl
import threading

from doorstep.errors import SettingsError

_lock = threading.Lock()
_shared: ssl.SSLContext | None = None


def shared_context() -> ssl.SSLContext:
    """
    Return the context of this process; loading the authorities takes 30 ms.
    """
    global _shared  # one for the process is the point
    with _lock:
        if _shared is None:
            context = ssl.create_default_context()
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.set_alpn_protocols(["http/1.1"])
            _shared = context
        return _shared


def verifying(context: ssl.SSLContext) -> ssl.SSLContext:
    """
    Return *context* if it verifies whom it talks to.

    Raises:
        doorstep.errors.SettingsError:
            It does not, or it allows versions before TLS 1.2.
    """
    if context.verify_mode != ssl.CERT_REQUIRED or not context.check_hostname:
        msg = "ssl_context must verify certificates and host names"
        raise SettingsError(msg, advice="trust a private authority instead of trusting everybody")
    if context.minimum_version < ssl.TLSVersion.TLSv1_2:
        msg = "ssl_context must not allow versions before TLS 1.2"
        raise SettingsError(msg, advice="set minimum_version to ssl.TLSVersion.TLSv1_2")
    return context
