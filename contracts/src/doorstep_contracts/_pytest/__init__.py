"""
The parts of the pytest plugin that are imported when they are needed.
"""

__all__: list[str] = []
