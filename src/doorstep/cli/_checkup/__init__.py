"""
The checks of ``doorstep doctor``: small functions that look at one thing each.

Nothing here prints, and nothing is booked: whatever would have an effect is not sent.
"""

from doorstep.cli._checkup._check import Check, Status, exit_of

__all__ = ["Check", "Status", "exit_of"]
