"""
``doorstep simulate``: a carrier's simulator, until it is told to end.
"""

from __future__ import annotations

import contextlib
import shlex
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
from cyclopts import App

from doorstep.cli._app import new_app
from doorstep.cli._errors import note
from doorstep.cli._flags import flags_of, options_from
from doorstep.cli._output import Line, Output
from doorstep.cli._shared import Printing, flag, invalid, registry
from doorstep.errors import ValidationError
from doorstep.hookspecs import Simulator, SimulatorSpec

__all__ = ["environment", "simulate", "simulator_app"]


def simulate(name: str, /) -> None:
    """
    Run a carrier's simulator on this machine, until Ctrl-C or SIGTERM.

    It prints where it listens and the settings that point a shop at it, as lines
    to paste into a shell; with --json as one object on one line. Each simulator
    has options of its own: doorstep simulate NAME --help.

    Args:
        name:
            The plugin's name.
    """
    # Only its help is ever asked for: with a name the simulator's own application runs.
    simulator_app(name)([])


def simulator_app(name: str) -> App:
    """
    Return the command that runs the simulator of *name*, with its options.

    Raises:
        doorstep.errors.PluginError:
            There is no such plugin, or it has no simulator that works.
    """
    spec = registry().simulator(name)
    app = new_app(f"doorstep simulate {name}", f"Run the simulator of {name} until Ctrl-C.")
    app.default(_command(spec))
    return app


def environment(provider: str, credentials: Mapping[str, str | Sequence[str]]) -> dict[str, str]:
    """
    Return the variables that point the provider's default account at a simulator.
    """
    prefix = f"DOORSTEP_{provider.upper()}_"
    return {
        f"{prefix}{field.upper()}": value if isinstance(value, str) else ",".join(value)
        for field, value in credentials.items()
    }


def _command(spec: SimulatorSpec[Any]) -> Callable[..., None]:
    flags = flags_of(spec.options)

    def run(*, options: Any = None, printing: Printing = Printing()) -> None:  # noqa: B008
        given = attrs.asdict(options, recurse=False) if options is not None else {}
        held = {name: value for name, value in given.items() if value is not None}
        _serve(spec.name, _built(spec, held), printing.output)

    # Classes made here have no name that a text could be resolved by.
    run.__annotations__ = {"options": flags, "printing": Printing, "return": None}
    return run


def _built(spec: SimulatorSpec[Any], given: Mapping[str, Any]) -> Simulator:
    """
    Return the simulator, or tell which option it does not take.
    """
    try:
        simulator: Simulator = spec.build(options_from(spec.options, given))
    except ValidationError:
        raise
    except (TypeError, ValueError, OverflowError) as error:
        problem = str(error.args[0] if error.args else error)
    else:
        return simulator
    raise invalid(_culprit(spec, given), f"is wrong: {problem}")


def _culprit(spec: SimulatorSpec[Any], given: Mapping[str, Any]) -> str:
    """
    Return the option without which it would have worked.
    """
    for name in given:
        others = {other: value for other, value in given.items() if other != name}
        with contextlib.suppress(TypeError, ValueError, OverflowError):
            spec.build(options_from(spec.options, others))
            return flag(name)
    return "an option"


def _serve(name: str, simulator: Simulator, output: Output) -> None:
    """
    Run until interrupted, which is the ordinary end.
    """
    try:
        simulator.start()
    except OSError as error:
        problem = error.strerror
    else:
        try:
            _announce(name, simulator, output)
            _wait()
        except KeyboardInterrupt:
            note(f"the simulator of {name} ends", json=output.json)
        finally:
            simulator.stop()
        return
    raise invalid("the simulator", f"cannot listen ({problem})")


def _announce(name: str, simulator: Simulator, output: Output) -> None:
    credentials = dict(simulator.credentials())
    variables = environment(name, credentials)
    told = {
        "name": name,
        "base_url": simulator.base_url,
        "credentials": credentials,
        "environment": variables,
    }
    exports = (Line(f"export {key}={shlex.quote(value)}") for key, value in variables.items())
    output.data(told, Line(f"# {name} is simulated at {simulator.base_url}"), *exports)
    note("Ctrl-C ends it", json=output.json)


def _wait() -> None:
    never = threading.Event()
    while not never.wait(1.0):  # a wait without end could not be interrupted everywhere
        pass
