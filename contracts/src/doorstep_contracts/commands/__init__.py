"""
Commands of ``doorstep`` that come with the contract: one module each.
"""

__all__: list[str] = []
