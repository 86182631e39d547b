"""
Tell tox.ini about the plugins, so that a new one costs one word there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tox.plugin import impl

if TYPE_CHECKING:
    from tox.config.sets import EnvConfigSet
    from tox.session.state import State

ROOT = Path(__file__).parent


@impl
def tox_add_env_config(env_conf: EnvConfigSet, state: State) -> None:
    """
    Define ``{plugin}``, ``{every_plugin}`` and ``{mypy_path}`` for every environment.
    """
    del state
    folders = sorted(path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml"))
    factors = (env_conf.name or "").split("-")
    mine = next((name for name in folders if name in factors), "")
    editable = "\n".join(f"-e plugins/{name}[simulator]" for name in folders)
    template = "contracts/src/doorstep_contracts/template/src"
    sources = [
        "src",
        "contracts/src",
        "tools",
        template,
        *(f"plugins/{name}/src" for name in folders),
    ]

    env_conf.add_constant("plugin", "folder of the plugin under test", mine)
    env_conf.add_constant("every_plugin", "all plugins, editable", editable)
    env_conf.add_constant("mypy_path", "where the packages are", os.pathsep.join(sources))
