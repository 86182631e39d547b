"""
The promises of a Doorstep provider, as pytest classes that anyone can run against their own.
"""

__version__ = "0.1.0"

__all__: list[str] = []
