"""
The promises of a provider, by topic. :class:`~doorstep_contracts.suite.ProviderContract`
holds them all.
"""

__all__: list[str] = []
