"""
A server that behaves as the carrier's documents say. Needs the extra ``simulator``.

It is written from the documents, not from the provider: it shares no module with it, so
that the two cannot share a mistake.
"""

from doorstep_acme.simulator._server import AcmeOptions, AcmeServer

__all__ = ["AcmeOptions", "AcmeServer"]
