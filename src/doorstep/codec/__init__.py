"""
Bytes to values and back: strict, exact, and silent about what it refuses.
"""

from doorstep.codec._answers import decode, encode
from doorstep.codec._converter import Int32, new_converter, rfc3339
from doorstep.codec._neutral import from_json, to_json

__all__ = [
    "Int32",
    "decode",
    "encode",
    "from_json",
    "new_converter",
    "rfc3339",
    "to_json",
]
