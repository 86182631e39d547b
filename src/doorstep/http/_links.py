"""
Links that a carrier tells: which are followed, and how.

A link comes with an answer, and what it names is asked from inside the shop's own
network. So it must not lead there, and nothing of the account goes with the question.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from doorstep.errors import InvalidAnswerError
from doorstep.http._messages import Path, Request
from doorstep.http._origin import is_loopback
from doorstep.outcome import Retry

#: Photographs are larger than JSON.
LINK_BODY_CAP = 16 * 1024 * 1024

_LONGEST = 8_192
#: Visible ASCII without what programs read differently, the backslash first of all.
_URL = re.compile(r'[^\s\\"<>^`{|}\x00-\x20\x7f-\U0010ffff]+')
_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
#: The end of an address in numbers: ``10.0.0.1``, and ``0xa000001``, which is the same.
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
#: Names that are nobody's on the internet: of RFC 6761, 6762 (appendix G) and 8375, and
#: those that networks of machines give themselves.
_NEARBY = frozenset(
    {
        "arpa",
        "corp",
        "home",
        "internal",
        "intranet",
        "invalid",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "private",
        "svc",
        "test",
    }
)


def linked(url: str, base_url: str, *, at: str = "$", body_cap: int = LINK_BODY_CAP) -> Request:
    """
    Return the request for what a carrier's answer links to: a GET, unsigned.

    The link must be https, to a host that has a name on the internet. An address in
    numbers is refused, whatever network it is of: nobody has a certificate for one, and
    there are many ways to write one. Where the carrier itself is on this computer, as a
    simulator is, links to this computer are followed, also over http.

    What the name resolves to is not looked at. Redirects are not followed, as ever, and
    observers are shown neither path nor query, which may be all that protects it.

    Args:
        url:
            The link; what stands behind a ``#`` is not sent.

        base_url:
            The carrier's own, as the provider has it.

        at:
            Where the link stood in the answer, for the error.

        body_cap:
            Bytes that are accepted at most.

    Raises:
        doorstep.errors.InvalidAnswerError:
            It is not followed; the message says why, and no part of the link.

    .. versionadded:: 0.2.0
    """
    parts = _taken_apart(url)
    problem = _objection(parts, urlsplit(base_url).hostname or "")
    if parts is None or problem is not None:
        raise InvalidAnswerError(
            f"was given a link that is not followed, it {problem} @ {at}",
            params={"path": at},
            retryable=Retry.NO,
            advice="ask the carrier's support for what it links to",
        )
    encoded = parts.path or "/"
    if parts.query:
        encoded += f"?{parts.query}"
    return Request(
        "GET",
        Path("/(linked)", encoded),
        base=f"{parts.scheme}://{parts.netloc}",
        body_cap=body_cap,
    )


def _taken_apart(url: object) -> SplitResult | None:
    if not isinstance(url, str) or len(url) > _LONGEST or not _URL.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 else parts


def _objection(parts: SplitResult | None, carrier: str) -> str | None:
    """
    Return what is wrong with a link of the carrier whose host is *carrier*.
    """
    if parts is None or not parts.hostname:
        return "is no URL with a host"
    host = parts.hostname
    if "@" in parts.netloc:
        return "holds a user or a password"
    if is_loopback(host) and is_loopback(carrier):
        return None if parts.scheme in ("http", "https") else "is not http"
    if parts.scheme != "https":
        return "is not https"
    labels = host.split(".")
    if not all(map(_LABEL.fullmatch, labels)) or _NUMBER.fullmatch(labels[-1]):
        return "does not name its host as the internet does"
    if len(labels) < 2 or labels[-1] in _NEARBY:
        return "leads to a host nearby"
    return None
