"""
Faults to try a provider, or a shop, against: on the wire, and between driver and wire.

:class:`FaultServer` listens on loopback and does what it was told, byte by byte, to
whatever connects. Each request gets the next fault of its list, the last one for ever:

===================  =====================================================================
On the wire          What becomes of a request
===================  =====================================================================
:class:`Answer`      a whole answer; the connection is kept
:class:`Echo`        its own body comes back
:class:`Silence`     nothing, until the other side gives up
:class:`HangUp`      the connection ends, in order
:class:`Reset`       the connection ends, with a reset
:class:`Truncated`   an answer that ends before the length it declared
:class:`Drip`        an answer that never ends, a few bytes now and then
:class:`Flood`       an answer that never ends, as fast as it is read
:class:`GzipBomb`    256 MiB in 260 kB
:class:`BrokenTls`   bytes that are no record of TLS
:class:`Script`      bytes as they stand, :class:`Pause` and other faults, one by one
===================  =====================================================================

Most take ``after``: how many bytes of the request are read before; all of them unless
said. A function that takes a :class:`Peer` is a fault too.

:class:`FaultTransport` stands between the driver and a transport, and spoils the
exchanges that it was told to, counted from 1:

====================  ====================================================================
Of an exchange        What the driver sees
====================  ====================================================================
:class:`Unsent`       nothing left: refused, unresolved, untrusted, too late
:class:`Lost`         it was sent, and no usable answer came
:class:`Answered`     another answer than the carrier's
:class:`Edited`       the carrier's answer, its body changed
:class:`Interrupted`  Ctrl-C, or a cancellation
====================  ====================================================================

``Lost``, ``Answered`` and ``Interrupted`` take ``acted``: whether the carrier did what
it was asked all the same. :data:`WIRE_FAULTS` and :data:`EXCHANGE_FAULTS` hold the usual
ones by name, to parametrise a test with.
"""

from doorstep_contracts.faults._exchange import (
    EXCHANGE_FAULTS,
    Act,
    Answered,
    Edited,
    ExchangeFault,
    Interrupted,
    Lost,
    Unsent,
)
from doorstep_contracts.faults._peer import Peer
from doorstep_contracts.faults._server import FaultServer
from doorstep_contracts.faults._tls import Authority
from doorstep_contracts.faults._transport import FaultTransport, Scripted
from doorstep_contracts.faults._wire import (
    WIRE_FAULTS,
    Answer,
    BrokenTls,
    Drip,
    Echo,
    Flood,
    GzipBomb,
    HangUp,
    Pause,
    Reset,
    Script,
    Silence,
    Truncated,
    WireFault,
)

__all__ = [
    "Act",
    "Answer",
    "Answered",
    "Authority",
    "BrokenTls",
    "Drip",
    "EXCHANGE_FAULTS",
    "Echo",
    "Edited",
    "ExchangeFault",
    "FaultServer",
    "FaultTransport",
    "Flood",
    "GzipBomb",
    "HangUp",
    "Interrupted",
    "Lost",
    "Pause",
    "Peer",
    "Reset",
    "Script",
    "Scripted",
    "Silence",
    "Truncated",
    "Unsent",
    "WIRE_FAULTS",
    "WireFault",
]
