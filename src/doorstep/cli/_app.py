"""
The commands, by name; each is imported when it is used.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cyclopts import App, Parameter

import doorstep
from doorstep.cli._commands import added_commands
from doorstep.cli._exit import table
from doorstep.cli._output import is_terminal

__all__ = ["COMMANDS", "app_for", "new_app", "plugin_named"]

#: Name, module with the function, and what the command does. The function has the
#: name's last word, unless the module says otherwise.
COMMANDS = (
    ("demo", "_demo", "Follow one delivery from quote to refund, on this machine."),
    ("providers", "_looking", "List the installed plugins and whether they work."),
    ("capabilities", "_looking", "List what an account of a carrier can do."),
    ("doctor", "_doctor", "Check plugins, settings, TLS, clock and credentials."),
    ("quote", "_booking", "Ask what a delivery costs. Books nothing."),
    ("dispatch", "_booking", "Book a courier. This costs money."),
    ("find", "_booking", "Look up what became of a reference."),
    ("track", "_following", "Show how far a delivery is, or follow it to the end."),
    ("update", "_following", "Change a delivery."),
    ("cancel", "_following", "Cancel a delivery."),
    ("refund", "_following", "Ask for money back and show the decision."),
    ("support", "_support", "Collect what the carrier's support asks for."),
    ("redeliver", "_services", "Have a delivery that ended brought once more. This costs money."),
    ("couriers", "_services", "Show which couriers a delivery has and had."),
    ("rate", "_services", "Tell the carrier what you think of a courier."),
    ("proof", "_services", "Fetch what was collected at a stop, and keep it."),
    ("covers", "_services", "Ask whether a carrier goes from one address to another."),
    ("complete-address", "_services:complete_address", "Ask what an address may become."),
    ("store show", "_stores", "Show whether a store takes orders."),
    ("store close", "_stores", "Take a store off the marketplace."),
    ("store open", "_stores:reopen", "Put a store back on the marketplace."),
    ("items", "_items", "Say which items of a store can be ordered, or show it."),
    ("options", "_items", "Say which options of items can be ordered, or show it."),
    ("businesses list", "_businesses:list_all", "List the businesses."),
    ("businesses show", "_businesses", "Show a business."),
    ("businesses create", "_businesses", "Register a business."),
    ("businesses update", "_businesses", "Change a business."),
    ("stores list", "_registered:list_all", "List the stores of a business."),
    ("stores show", "_registered", "Show a registered store."),
    ("stores create", "_registered", "Register a store."),
    ("stores update", "_registered", "Change a registered store."),
    ("simulate", "_simulate", "Run a carrier's simulator on this machine."),
    ("webhook listen", "_listen", "Receive a carrier's webhooks and print them as they come."),
    ("webhook send", "_send", "Post bodies of webhooks to a URL, as a carrier would."),
)
#: What commands of two words have in common.
_GROUPS = {
    "store": "See to a store on a carrier's marketplace.",
    "businesses": "Register the businesses that a platform serves.",
    "stores": "Register the stores of a business, to dispatch from.",
    "webhook": "Receive webhooks, or send them again.",
}
_NAMES = frozenset(name.partition(" ")[0] for name, _, _ in COMMANDS)
_HELP = """One interface to every last-mile delivery carrier.

Credentials come from the environment or a TOML file, never from the command line.
Results go to stdout, errors and notes to stderr; with --json both are JSON, one
object to a line, and an error is {"error": {code, message, retryable, booked, ...}}.
A plugin's own commands are under its name: doorstep acme COMMAND."""


def app_for(tokens: Sequence[str]) -> tuple[App, list[str]]:
    """
    Return the application that *tokens* are for, and what of them it is to read.
    """
    if tokens and tokens[0] == "simulate":
        name = next((word for word in tokens[1:] if word != "--json"), "-")
        if not name.startswith("-"):
            from doorstep.cli._simulate import simulator_app

            rest = list(tokens[1:])
            rest.remove(name)
            return simulator_app(name), rest
    plugin = plugin_named(tokens)
    if plugin is not None:
        added = added_commands().get(plugin)
        if added is not None:
            app = new_app("doorstep", _HELP, table())
            app.command(added.load(), name=plugin)
            return app, list(tokens)
        from doorstep.cli._plugins import plugin_app

        own = plugin_app(plugin, tokens[1:])
        if own is not None:
            return own, list(tokens[1:])
    return _built_in(), list(tokens)


def plugin_named(tokens: Sequence[str]) -> str | None:
    """
    Return the word that stands where a command should, if it is no command of ours.
    """
    first = tokens[0] if tokens else "-"
    return None if first in _NAMES or first.startswith("-") else first


def new_app(name: str, text: str, epilogue: str = "") -> App:
    """
    Return an application that leaves errors and interrupts to its caller.
    """
    return App(
        name=name,
        help=text,
        help_format="plaintext",
        help_epilogue=epilogue,
        help_formatter="default" if is_terminal(sys.stdout) else "plain",
        version=doorstep.__version__,
        default_parameter=Parameter(negative=()),
        suppress_keyboard_interrupt=False,
        result_action="return_value",
    )


def _built_in() -> App:
    app = new_app("doorstep", _HELP, table())
    groups = {name: new_app(name, text) for name, text in _GROUPS.items()}
    for name, module, text in COMMANDS:
        group, _, last = name.rpartition(" ")
        owner = groups[group] if group else app
        target = module if ":" in module else f"{module}:{last}"
        owner.command(f"doorstep.cli.{target}", name=last, help=text, help_epilogue="")
    for one in groups.values():
        app.command(one)
    for name, added in added_commands().items():
        if name not in _NAMES:
            app.command(App(name=name, help=added.help))
    return app
