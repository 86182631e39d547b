"""
Where requests go: a base URL, taken apart and checked.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

import attrs

from doorstep.errors import SettingsError

_PORTS = {"http": 80, "https": 443}


@attrs.frozen
class Origin:
    """
    A host to talk to, and the path that its URLs begin with.
    """

    secure: bool
    host: str
    port: int
    prefix: str


def parse_origin(base_url: str) -> Origin:
    """
    Take *base_url* apart.

    Raises:
        doorstep.errors.SettingsError:
            It is not https (or http to this very computer), it has no host, or
            it holds a user, a query or a fragment.
    """
    parts, port = _split(base_url)
    host = parts.hostname
    if not host or parts.scheme not in _PORTS:
        raise SettingsError("the base URL must be https://host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise SettingsError("the base URL must hold no user, query or fragment")
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError(
            f"the base URL of {host} must begin with https://",
            advice="http:// is for localhost alone",
        )
    secure = parts.scheme == "https"
    return Origin(secure, host, port or _PORTS[parts.scheme], parts.path.rstrip("/"))


def check_base_url(base_url: str) -> None:
    """
    Refuse a base URL that nothing should be sent to.

    Raises:
        doorstep.errors.SettingsError:
            It is not https (or http to this very computer), it has no host, or
            it holds a user, a query or a fragment.
    """
    if not isinstance(base_url, str):
        raise SettingsError("the base URL must be https://host")
    parse_origin(base_url)


def _split(base_url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError:
        # Its error would quote the URL, which may hold a password.
        return urlsplit(""), None
    return parts, port


def is_loopback(host: str) -> bool:
    """
    Whether *host* is this very computer.
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
