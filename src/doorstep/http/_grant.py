"""
Permission to sign, kept for as long as it holds.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from doorstep.secret import Secret


@attrs.frozen(kw_only=True)
class Grant:
    """
    Permission to sign for a while: a token, or a signature that can be kept.

    The core keeps it until shortly before *expires_at*.
    """

    value: Secret
    expires_at: datetime
