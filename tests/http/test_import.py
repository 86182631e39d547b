"""
What importing costs.
"""

from __future__ import annotations

import subprocess
import sys


def test_import_loads_neither_urllib3_nor_asyncio():
    """
    A shop that only keeps quotes pays for no driver.
    """
    code = (
        "import sys, doorstep.http as http; "
        "heavy = {'urllib3', 'asyncio', 'ssl', 'http.client', 'email', 'random', 'logging'}; "
        "assert not heavy & set(sys.modules), heavy & set(sys.modules); "
        "http.HttpPool, http.AsyncDriver; "
        "assert {'urllib3', 'asyncio'} <= set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
