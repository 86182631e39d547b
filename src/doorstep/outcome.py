"""
The three words that decide whether a courier may be booked twice.

:class:`Effect` says what a request does, :class:`Repeat` whether it may be sent
again, :class:`Outcome` what is known about it afterwards.
"""

from __future__ import annotations

from enum import Enum, IntEnum

__all__ = ["Effect", "Outcome", "Repeat", "Retry"]


class Effect(IntEnum):
    """
    What a request does to the world when the carrier accepts it.

    Ordered: a larger effect needs more care.
    """

    #: Reads, or makes something that costs nothing and binds nobody (a quote).
    NOTHING = 0
    #: Changes something that exists; costs nothing by itself.
    CHANGES = 1
    #: Spends or moves money: books a courier, decides a refund.
    BOOKS = 2


class Repeat(Enum):
    """
    Whether a request may be sent again after it may have been received.

    A request that was never sent may always be sent.
    """

    #: Any number of times: a read.
    SAFE = "safe"
    #: The second one has no further effect, but its answer may differ
    #: (a 409 for what is already done).
    SAME_EFFECT = "same_effect"
    #: Never: the driver reports what it does not know instead. (Signing anew after
    #: a refused token is no repeat: nothing was done.)
    NEVER = "never"


class Outcome(Enum):
    """
    What is known about the effect that a call was to have.

    Calls that only read end in ``NOT_SENT``: nothing that books was sent.
    """

    #: Nothing with an effect left this process. Safe to repeat or to fail over.
    NOT_SENT = "not_sent"
    #: The carrier refused this very request. Nothing happened.
    REJECTED = "rejected"
    #: The carrier confirmed it, with our id.
    CREATED = "created"
    #: It may or may not have happened. Look it up; never repeat it blindly.
    UNKNOWN = "unknown"


class Retry(Enum):
    """
    The answer to "may I try again?" that every error carries.
    """

    #: Not before something about the request or the account changes.
    NO = "no"
    #: Yes, the same call, at once if need be.
    SAME_CALL = "same_call"
    #: Yes, the same call, but later.
    LATER = "later"
    #: Yes, after asking for a new quote.
    NEW_QUOTE = "new_quote"
    #: Only after looking up what happened.
    LOOK_UP_FIRST = "look_up_first"
