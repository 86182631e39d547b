"""
Typed settings for each account, from keywords, the environment and a TOML file.

A field is taken from the first place that has it: keyword, environment, file,
default. In the environment the field ``api_key`` of the provider ``acme`` is

- ``DOORSTEP_ACME_API_KEY``, or longer ``DOORSTEP_ACME__DEFAULT__API_KEY``;
- ``DOORSTEP_ACME__DOWNTOWN__API_KEY`` for the account ``downtown``;
- either with ``_FILE`` at its end: the name of a file that holds the value, less
  one line end at its end.

Names are in upper case, ``-`` is ``_``. No account inherits another's variables.
The file is the one that ``DOORSTEP_CONFIG`` names::

    [plugins]
    allow = {acme = "doorstep-acme"}

    [acme]                    # the default account, and what all accounts share
    market = "de"

    [acme.accounts.downtown]
    api_key = "..."

An account that nothing is set for does not run on what is shared. Lists are TOML
lists, and separated by commas in the environment. Text has no control characters,
nor white space at its ends; it is refused, not stripped. A file that gave a secret
should be readable by its owner alone: else there is a warning. Files named by
``_FILE`` are not checked, because container platforms mount them for all to read.
"""

from doorstep.settings._listed import accounts, allowed_plugins
from doorstep.settings._load import InsecureConfigWarning, load, try_load
from doorstep.settings._needed import needed_unless

__all__ = [
    "InsecureConfigWarning",
    "accounts",
    "allowed_plugins",
    "load",
    "needed_unless",
    "try_load",
]
