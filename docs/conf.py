"""
How Sphinx builds these pages. Nothing here needs the network.
"""

from __future__ import annotations

import doorstep

project = "Doorstep"
author = "The Doorstep maintainers"
copyright = "2026, The Doorstep maintainers"
release = version = doorstep.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
root_doc = "index"
html_theme = "furo"
html_title = "Doorstep"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

napoleon_numpy_docstring = False
napoleon_custom_sections = ["Source"]

autodoc_class_signature = "separated"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"

# Names of the standard library and of other projects are not linked: that takes their
# inventories, which live on the network.
nitpick_ignore_regex = [
    (r"py:.*", r"(?!doorstep).*"),
    (r"py:class", r"doorstep\..*\.[A-Z]"),  # type variables
    (r"py:class", r"doorstep\..*\._[a-z]+\..*"),  # named by its private home, documented elsewhere
]
