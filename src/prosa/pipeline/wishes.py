"""Wishes for files and charts in a person's words, English or Portuguese, from the words alone.

A message may be nothing but a wish, about the last answer (`export this as Excel`, `em barras horizontais`), or a
question that ends in one (`revenue by store as a pie chart, in dark`). The words are data, in `wishes.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple

import msgspec

from prosa.analysts.rules.words import fold
from prosa.charts.style import ChartWish

Of = Literal["", "result", "chart", "charts", "everything", "conversation"]

PICTURES = frozenset({"png", "svg", "pdf"})
"""Formats that only a chart can have."""
_LONGEST = 300
_MARKS = {
    "horizontal": ("lying", True), "vertical": ("lying", False), "log": ("log", True), "linear": ("log", False),
    "dark": ("dark", True), "light": ("dark", False),
}  # fmt: skip
_AMBIGUOUS = re.compile("(columns?|colunas?|lines?|linhas?|areas?|dots|setores)")
"""Kinds of charts that are more often something else."""
_OF_ARTICLES = re.compile("(colunas|linhas|areas)")
"""After `as`, which is an article there, plain nouns of Portuguese."""
_DETERMINERS = frozenset({"the", "my", "o", "a", "os", "as"})
_GIVES_TITLE = re.compile(
    r"(with|titled|entitled|call|put|set|change|give|com|intitulad|chame|p[oõ][er]|ponha|coloca|coloque|mud[ae]|tro(ca|que)|d[ae])\b.*|.*\b(be|is|seja)|intitulad[oa].*"
)
_NO_TITLE = frozenset({"of", "and", "or", "for", "in", "that", "de", "do", "da", "dos", "das", "e", "ou", "para"})
_DRAWN = frozenset({"kind", "mark", "chart", "charts"})
_IT = (["it"], ["this"], ["that"], ["isso"], ["ele"])
_QUOTED = re.compile(r"""\s*["“«'‘](?P<title>[^"”»\n]{1,200}?)["”»'’](?!\w)""")
_WORD = re.compile(r"\w+")


class Wishes(msgspec.Struct, frozen=True):
    """What a message wishes beside an answer. `alone`: it asks nothing else. `export`: a file is wished, also where
    `formats` names none. `rest` is the message with the wish's words as spaces, so that all places stay."""

    rest: str
    alone: bool = False
    export: bool = False
    formats: tuple[str, ...] = ()
    of: Of = ""
    chart: ChartWish | None = None

    def with_formats(self, formats: Sequence[str]) -> Wishes:
        """These wishes and, where the message names no format that was understood, those that an analyst heard."""
        if not formats or self.formats:
            return self
        return msgspec.structs.replace(self, export=True, formats=tuple(dict.fromkeys(formats)))


class _Phrase(NamedTuple):
    """A recognised phrase: its table (`slot`; "rest" for any other word), its row there, its words and its place."""

    slot: str
    value: str
    text: str
    start: int
    end: int


def wishes(text: str) -> Wishes:
    """The wishes in a message."""
    folded = "".join(letter if letter.isalnum() else " " for letter in _folded(text))
    if len(text) > _LONGEST or not _triggers().search(folded):
        return Wishes(text)
    phrases = _titled(text, [*_phrases(folded)])
    if any(phrase.slot == "rest" for phrase in phrases):
        return _beside(text, phrases)
    return _alone(text, phrases)


def _alone(text: str, phrases: Sequence[_Phrase]) -> Wishes:
    formats, of, chart = _formats(phrases), _of(phrases), _chart(phrases)
    export = bool(formats) or _has(phrases, "verb")
    if not export and chart is None:
        chart = ChartWish() if of == "chart" and not _has(phrases, "result") else None
    if not export and chart is None:
        return Wishes(text)
    return Wishes(text, True, export, formats, of, chart)


def _beside(text: str, phrases: Sequence[_Phrase]) -> Wishes:
    """A question whose last words, from a joint or a verb on, are a wish; a verb in front goes with them."""
    after = max(place for place, phrase in enumerate(phrases) if phrase.slot == "rest") + 1
    joints = (place for place in range(after, len(phrases)) if phrases[place].slot in ("joint", "verb"))
    tail = phrases[next(joints, len(phrases)) :]
    formats, chart, front = _formats(tail), _chart(tail), _verb_in_front(phrases)
    if formats == ("txt",):  # no result can be that, but data may be stored in text files
        formats, tail = (), []
    taken = _has(tail, "verb") and _of(tail) != ""
    if not (formats or taken) and (chart is None or _only_shade(tail)):
        tail, chart = [], None
    begin, end = front[-1].end if front else 0, tail[0].start if tail else len(text)
    asked = text[begin:end].rstrip(" ,;.–-") if tail else text[begin:end]
    rest = " " * begin + asked + " " * (len(text) - begin - len(asked))
    return Wishes(rest, export=bool(formats or front or taken), formats=formats, of=_of(tail), chart=chart)


def _only_shade(phrases: Sequence[_Phrase]) -> bool:
    """`products in the dark` may mean the products."""
    shades = [phrase for phrase in phrases if phrase.value in ("dark", "light")]
    drawn = [phrase for phrase in phrases if phrase.slot in _DRAWN or phrase.slot == "name"]
    return drawn == shades and all(" " not in phrase.text for phrase in shades)


def _verb_in_front(phrases: Sequence[_Phrase]) -> Sequence[_Phrase]:
    """`download the revenue by store`: the words up to the verb, where a format follows somewhere or an article shows
    that the verb is none of the data's nouns."""
    begin = next((place for place, phrase in enumerate(phrases) if phrase.slot not in ("filler", "joint")), 0)
    if phrases[begin].slot != "verb":
        return []
    following = phrases[begin + 1 :]
    sure = bool(following) and following[0].text in _DETERMINERS
    return phrases[: begin + 1] if sure or _formats(following) else []


def _formats(phrases: Sequence[_Phrase]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrase.value for phrase in phrases if phrase.slot == "format"))


def _of(phrases: Sequence[_Phrase]) -> Of:
    """What a file is to be of. In `as a pie chart, in Excel` the chart is only how the answer is drawn."""
    slots: tuple[Of, ...] = ("conversation", "charts", "chart", "result", "everything")
    named = (slot for slot in slots if _has(phrases, slot) and not (slot == "chart" and _has(phrases, "kind")))
    return next(named, "")


def _has(phrases: Sequence[_Phrase], slot: str) -> bool:
    return any(phrase.slot == slot for phrase in phrases)


def _chart(phrases: Sequence[_Phrase]) -> ChartWish | None:
    found: dict[str, object] = {}
    for place, phrase in enumerate(phrases):
        if phrase.slot == "kind" and _means_a_chart(phrases, place):
            found["kind"] = phrase.value
        elif phrase.slot == "mark":
            name, value = _MARKS[phrase.value]
            found[name] = value
        elif phrase.slot == "name":
            found["title"] = phrase.text
    if found.get("lying") is not None:
        found.setdefault("kind", "bar")
    return ChartWish(**found) if found else None  # type: ignore[arg-type]


def _means_a_chart(phrases: Sequence[_Phrase], place: int) -> bool:
    if not _AMBIGUOUS.fullmatch(phrases[place].text) or any(one.slot in ("chart", "charts", "mark") for one in phrases):
        return True
    before = [phrase for phrase in phrases[:place] if phrase.slot != "filler"]
    if len(phrases) > 4 or not before or before[-1].slot != "joint":
        return False
    return before[-1].text != "as" or not _OF_ARTICLES.fullmatch(phrases[place].text)


def _titled(text: str, phrases: list[_Phrase]) -> list[_Phrase]:
    """Titles of a person's own: in quotation marks where the words before them wish a chart; without any where nothing
    but a wish stands before them."""
    for place, phrase in enumerate(phrases):
        if phrase.slot != "title":
            continue
        before = phrases[:place]
        alone = all(one.slot != "rest" for one in before)
        quoted = _QUOTED.match(text, phrase.end)
        if quoted and (alone or _wishes_a_chart(before)):
            name = _Phrase("name", "", quoted["title"].strip(), phrase.start, quoted.end())
            return [*before, name, *_titled(text, [one for one in phrases if one.start >= quoted.end()])]
        if alone and not quoted and _gives_title(text, phrase, phrases[place + 1 :]):
            return [*before, *_open_title(text, phrases[place + 1 :])]
        phrases[place] = phrase._replace(slot="rest")
    return phrases


def _gives_title(text: str, phrase: _Phrase, following: Sequence[_Phrase]) -> bool:
    """`with the title Sales`, `title: Sales`; not `show the title of books`."""
    if not following or following[0].text in _NO_TITLE:
        return False
    return _GIVES_TITLE.fullmatch(phrase.text) is not None or text[phrase.end - 1 : phrase.end + 1].endswith(":")


def _wishes_a_chart(phrases: Sequence[_Phrase]) -> bool:
    after = max(place for place, phrase in enumerate(phrases) if phrase.slot == "rest") + 1
    return any(phrase.slot in _DRAWN or phrase.value in PICTURES for phrase in phrases[after:])


def _open_title(text: str, phrases: Sequence[_Phrase]) -> Iterator[_Phrase]:
    """A title up to a comma, to the wish that follows it (`… as png`), or to the end."""
    ends = [place for place in range(1, len(phrases)) if _is_wish(phrases[place:])]
    comma = text.find(",", phrases[0].start)
    ends += [place for place in range(1, len(phrases)) if 0 <= comma < phrases[place].start]
    end = min(ends, default=len(phrases))
    title = text[phrases[0].start : phrases[end - 1].end]
    yield _Phrase("name", "", title.strip(" .!\"'"), phrases[0].start, phrases[end - 1].end)
    yield from phrases[end:]


def _is_wish(phrases: Sequence[_Phrase]) -> bool:
    joined = phrases[0].slot in ("joint", "verb") and not _has(phrases, "rest")
    if joined and [phrase.text for phrase in phrases[1:]] in _IT:
        return True
    return joined and (_has(phrases, "format") or _has(phrases, "mark"))


def _folded(text: str) -> str:
    """Without case and accents, each letter in its place."""
    return "".join((fold(letter) or " ")[0] for letter in text)


def _phrases(folded: str) -> Iterator[_Phrase]:
    place = 0
    while word := _WORD.search(folded, place):
        slot, value, end = _longest(folded, word)
        yield _Phrase(slot, value, folded[word.start() : end], word.start(), end)
        place = end


def _longest(folded: str, word: re.Match[str]) -> tuple[str, str, int]:
    """The longest phrase that begins with this word; among equals the first table's."""
    found = ("rest", "", word.end())
    longest = word.start()
    for slot, value, pattern in _patterns():
        match = pattern.match(folded, word.start())
        if match and match.end() > longest:
            longest = match.end()
            found = (slot, value, longest)
    return found


@cache
def _patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple(
        (value if slot == "of" else slot, value, re.compile(rf"(?:{'|'.join(rows)})(?!\w)".replace(" ", " +")))
        for slot, table in _tables().items()
        for value, rows in table.items()
    )


@cache
def _triggers() -> re.Pattern[str]:
    """What no wish can do without."""
    tables = [_tables()[slot] for slot in ("format", "kind", "mark", "verb", "title")]
    rows = [row for table in [*tables, {"chart": _tables()["of"]["chart"]}] for kind in table.values() for row in kind]
    return re.compile(rf"(?<!\w)(?:{'|'.join(rows)})(?!\w)".replace(" ", " +"))


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.files(__package__).joinpath("wishes.toml").read_text("utf-8"))
