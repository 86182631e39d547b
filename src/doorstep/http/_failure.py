"""
What went wrong below, as a value that holds nothing of what was sent.

The exceptions of sockets, TLS and urllib3 carry frames, and these frames carry the
request with its token. They are looked at here and go no further.
"""

from __future__ import annotations

import ssl

from doorstep.http._body import TooLargeError
from doorstep.http._call import Call
from doorstep.http._messages import TransportError
from doorstep.http._stripped import stripped

_HANDSHAKE_CUT = (ssl.SSLEOFError, ssl.SSLZeroReturnError)


def as_failure(error: BaseException, call: Call) -> BaseException:
    """
    Return what to raise in place of *error*, outside of the frame that caught it.

    Returns:
        A :class:`TransportError`, or, if *error* is no ``Exception``, itself
        without its traceback and context.
    """
    if not isinstance(error, Exception):
        return stripped(error)
    # urllib3 wraps what it meets while it reads a body.
    root = error.__cause__ or error
    return TransportError(_kind(root, call), sent=call.sent, cause=_cause(root))


def _kind(root: BaseException, call: Call) -> str:
    if call.aborted:
        return "aborted"
    if call.expired or isinstance(root, TimeoutError):
        return "timeout"
    if isinstance(root, TooLargeError):
        return "too_large"
    if isinstance(root, ssl.SSLError) and not isinstance(root, _HANDSHAKE_CUT):
        return "tls"
    if isinstance(root, OSError):
        return "reset" if call.sent else "connect"
    return "protocol"


def _cause(root: BaseException) -> str:
    name = type(root).__name__
    if isinstance(root, OSError) and root.errno is not None:
        return f"{name}, errno {root.errno}"
    return name
