"""
How often, how soon and why a request is sent again.
"""

from __future__ import annotations

import attrs

#: Answers that say the carrier is in trouble, not that the request is wrong.
TROUBLE = frozenset({408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527})


@attrs.frozen(kw_only=True)
class RepeatPolicy:
    """
    How the driver repeats what may be repeated.

    Args:
        retries:
            Repeats after the first try, at most.

        base_s, cap_s, jitter:
            The wait before repeat *n* is *base_s* doubled *n* - 1 times, at most
            *cap_s*, in seconds, less a part of up to *jitter* that chance decides.

        statuses:
            Answers that are worth repeating.

        lost:
            Whether what got no answer is worth repeating.

        retry_after_cap_s:
            The longest wait a carrier may ask for, in seconds.
    """

    retries: int = 3
    base_s: float = 0.5
    cap_s: float = 5.0
    jitter: float = 0.5
    statuses: frozenset[int] = TROUBLE | {429}
    lost: bool = True
    retry_after_cap_s: float = 60.0
