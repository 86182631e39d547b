"""
Providers that break one promise each, and the contract that must notice it.
"""
