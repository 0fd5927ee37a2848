"""What a model is told, one Markdown file a purpose. `$names` are filled in; nothing else is."""

from __future__ import annotations

from functools import cache
from importlib import resources
from string import Template


def prompt(name: str, **values: object) -> str:
    """The prompt of that name. KeyError where one of its values is missing, FileNotFoundError where there is none."""
    return _template(name).substitute(values)


@cache
def _template(name: str) -> Template:
    return Template(resources.files(__name__).joinpath(f"{name}.md").read_text("utf-8").strip())
