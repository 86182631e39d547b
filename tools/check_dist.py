"""
Build what users get, install it into a clean environment, and test the plugins with it.

Every distribution becomes an sdist, and a wheel built from that sdist. The tests of each
plugin are taken from its unpacked sdist, so a file missing there, or an import of something
that only a checkout has, fails here and not on somebody's machine. A plugin that the kit
writes there must be found, and green.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(work: Path) -> None:
    """
    Build, check, install and test below *work*, which is emptied first.

    Args:
        work:
            A folder outside version control.
    """
    shutil.rmtree(work, ignore_errors=True)
    dist = work / "dist"
    plugins = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
    for source in (ROOT, ROOT / "contracts", *plugins):
        run(sys.executable, "-m", "build", "--installer=uv", "--outdir", str(dist), str(source))
    run(sys.executable, "-m", "twine", "check", "--strict", *map(str, sorted(dist.iterdir())))

    python = clean_environment(work / "venv", sorted(dist.glob("*.whl")))
    for plugin in plugins:
        tests = unpack(dist, f"doorstep_{plugin.name}", work / "sdist")
        run(python, "-m", "pytest", "-m", "not once", cwd=tests)
    new_plugin(python, work / "new")


def new_plugin(python: str, folder: Path) -> None:
    """
    Write a plugin with the installed kit, install it, and see it found and green.
    """
    doorstep = str(Path(python).parent / "doorstep")
    run(doorstep, "new-provider", "zippy", "--out", str(folder))
    run("uv", "pip", "install", "--quiet", "--no-deps", "--python", python, "-e", str(folder))
    run(python, "-m", "pytest", cwd=folder)
    run(python, "-m", "pytest", "--provider", "zippy", "--contract-profile", "replay", cwd=folder)
    run(doorstep, "providers")


def clean_environment(venv: Path, wheels: list[Path]) -> str:
    """
    Install *wheels* with all their extras, and the test tools of the kit.

    Returns:
        The interpreter of the environment.
    """
    run("uv", "venv", "--quiet", "--no-project", "--python", sys.executable, str(venv))
    python = str(venv / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    extras = {"doorstep": "[cli,simulator]", "doorstep_contracts": ""}
    names = ((wheel.name.partition("-")[0], wheel) for wheel in wheels)
    wanted = [f"{name}{extras.get(name, '[simulator]')} @ {w.as_uri()}" for name, w in names]
    run("uv", "pip", "install", "--quiet", "--no-sources", "--python", python, *wanted)
    run("uv", "pip", "check", "--python", python)
    return python


def unpack(dist: Path, name: str, into: Path) -> Path:
    """
    Unpack the sdist of *name*, without its ``src``: the tests must find the wheel.

    Returns:
        The folder with ``pyproject.toml`` and ``tests``.
    """
    (archive,) = dist.glob(f"{name}-*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(into, filter="data")
    (folder,) = into.glob(f"{name}-*")
    shutil.rmtree(folder / "src")
    return folder


def run(*command: str, cwd: Path = ROOT) -> None:
    """
    Run *command* and stop the program when it fails.
    """
    print("$", *command, flush=True)
    if code := subprocess.run(command, cwd=cwd, check=False).returncode:
        sys.exit(code)


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "check_dist")
