"""
The way to the carrier: a connection, a handshake, and the certificate's last day.
"""

from __future__ import annotations

import os
import socket
import ssl
from datetime import datetime
from typing import Any

from doorstep.cli._checkup._check import Check, Topic
from doorstep.cli._exit import Exit

__all__ = ["tls_check"]

#: Days before a certificate's last that are worth a word.
_SOON_DAYS = 14
_DAY_S = 86_400
_CLOCK = "compare this machine's clock; if it is right, tell the carrier"
_AUTHORITY = (
    "if a proxy intercepts TLS or the authority is private, add its certificate to this "
    "system's authorities (SSL_CERT_FILE); never switch verification off"
)
#: What OpenSSL calls the faults of a certificate, by number (openssl/x509_vfy.h).
_FAULTS = {
    9: ("the certificate of {host} is not valid yet", _CLOCK),
    10: ("the certificate of {host} has expired", _CLOCK),
    18: ("the certificate of {host} is signed by itself", _AUTHORITY),
    19: ("the certificate of {host} comes from an authority that is not trusted here", _AUTHORITY),
    20: ("the certificate of {host} comes from an authority that is not trusted here", _AUTHORITY),
    21: ("the certificate of {host} comes from an authority that is not trusted here", _AUTHORITY),
    62: ("the certificate is not for {host}", "correct the host in base_url, or ask who answers"),
    64: ("the certificate is not for {host}", "name the host in base_url, not its address"),
}
_OTHER_FAULT = ("the certificate of {host} cannot be verified", _AUTHORITY)
_NO_TLS = (
    "{host} does not speak TLS 1.2 or newer on port {port}",
    "check host and port of base_url, and whether a proxy stands between",
)
_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


def tls_check(
    subject: str,
    host: str,
    port: int,
    *,
    context: ssl.SSLContext,
    now: datetime,
    time_limit_s: float,
) -> Check:
    """
    Connect to *host* and shake hands. Nothing is sent to the carrier beyond that.

    Args:
        context:
            The one that the clients use.

        now:
            What the certificate's last day is compared with.
    """
    topic = Topic("tls", subject)
    try:
        with (
            socket.create_connection((host, port), time_limit_s) as plain,
            context.wrap_socket(plain, server_hostname=host) as wrapped,
        ):
            return _told(topic, wrapped, host, now)
    except (OSError, UnicodeError) as error:  # the latter of a name that cannot be one
        finding, advice = _explained(error, time_limit_s)
        kind = type(error).__name__
    return topic.failed(finding.format(host=host, port=port), advice, Exit.UNAVAILABLE, error=kind)


def _told(topic: Topic, wrapped: ssl.SSLSocket, host: str, now: datetime) -> Check:
    certificate: Any = wrapped.getpeercert()
    left = ssl.cert_time_to_seconds(certificate["notAfter"]) - now.timestamp()
    days, version = int(left // _DAY_S), wrapped.version()
    issuer = _issuer(certificate)
    facts = {"version": version, "expires_in_days": days, "issuer": issuer}
    finding = f"{host} speaks {version}; certificate by {issuer}, {days} days left"
    if days < _SOON_DAYS:
        return topic.warning(finding, "tell the carrier to renew its certificate", **facts)
    return topic.ok(finding, **facts)


def _issuer(certificate: dict[str, Any]) -> str:
    named = {key: value for part in certificate.get("issuer", ()) for key, value in part}
    return str(named.get("organizationName") or named.get("commonName") or "nobody named")


def _explained(error: Exception, time_limit_s: float) -> tuple[str, str]:
    """
    Return what happened, with slots for host and port, and what to do.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        return _FAULTS.get(error.verify_code, _OTHER_FAULT)
    if isinstance(error, ssl.SSLEOFError | ConnectionResetError):
        return "{host} hung up during the handshake", _NO_TLS[1]
    if isinstance(error, ssl.SSLError):
        return _NO_TLS
    if isinstance(error, socket.gaierror | UnicodeError):
        return "{host} is not found", "check the host in base_url and this machine's name service"
    if isinstance(error, TimeoutError):
        return f"{{host}} did not answer within {time_limit_s:g} s", _reachable()
    return "no connection to {host} on port {port}", _reachable()


def _reachable() -> str:
    advice = "check host and port of base_url, and whether a firewall lets them through"
    proxy = next((name for name in _PROXIES if os.environ.get(name)), None)
    return f"{advice}; {proxy} is set, and doorstep does not use proxies" if proxy else advice
