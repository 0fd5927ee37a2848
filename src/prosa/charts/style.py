"""How a chart shall look: what a person wished (`ChartWish`), and what the house prescribes (`Template`)."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
"""Okabe and Ito's palette, which colour-blind people tell apart (jfly.uni-koeln.de/color)."""


class ChartWish(msgspec.Struct, frozen=True, omit_defaults=True):
    """A chart that was asked for. `kind` is a Plotly trace word (bar, line, pie …) or empty for the rules' choice;
    None and "" leave a thing as it would be."""

    kind: str = ""
    title: str = ""
    lying: bool | None = None
    log: bool | None = None
    dark: bool | None = None

    def over(self, before: ChartWish) -> ChartWish:
        """This wish, and what an earlier one said about everything that this one leaves open."""
        said = {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) not in (None, "")}
        return msgspec.structs.replace(before, **said)


class Template(msgspec.Struct, frozen=True):
    """The house's look: colours of the series (CSS), a font family, a line of text as the logo. Empty: Prosa's own."""

    colours: tuple[str, ...] = ()
    font: str = ""
    logo: str = ""


class Ink(NamedTuple):
    """The colours of everything that is no data."""

    paper: str
    text: str
    grid: str
    zero: str
    quiet: str


LIGHT = Ink("#ffffff", "#2a3f5f", "#e5e5e5", "#999999", "#6b7280")
DARK = Ink("#16181d", "#e6e8ec", "#343842", "#7a808c", "#9aa1ad")


class Style(msgspec.Struct, frozen=True):
    """All that a drawing needs to know beside the data."""

    title: str
    locale: str
    wish: ChartWish = ChartWish()
    template: Template = Template()

    @property
    def ink(self) -> Ink:
        return DARK if self.wish.dark else LIGHT

    @property
    def colours(self) -> tuple[str, ...]:
        """The series' colours: the template's, then Prosa's, so that there are enough. Black would be lost on dark
        paper."""
        ours = (*COLOURS[:-1], "#ffffff") if self.wish.dark else COLOURS
        return (*self.template.colours, *ours)
