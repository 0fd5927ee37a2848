"""What words mean across languages: keys by which a word of a question meets a word of a schema.

A key is an English stem, an English word in the singular after `=`, or a Portuguese root after `p:`. The words
themselves are data, in `data/*.toml`.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache

from prosa.analysts.rules.data import data
from prosa.analysts.rules.words import fold, normal, singular, stem, stem_pt

_BETWEEN = frozenset({"de", "do", "da", "dos", "das"})

SAME, FORM, BRIDGED, SYNONYM = 1.0, 0.9, 0.96, 0.84
"""How surely two words mean the same thing: one word in any number, another form of it, a translation, a synonym."""

Keys = dict[str, float]
Phrase = tuple[str, ...]


@cache
def bridge() -> dict[Phrase, tuple[Phrase, ...]]:
    """Portuguese roots to the English phrases they stand for."""
    entries: dict[Phrase, list[Phrase]] = defaultdict(list)
    for block in data("bridge").values():
        for line in block.strip().splitlines():
            left, _, right = line.partition(":")
            source = tuple(stem_pt(word) for word in normal(left).split() if word not in _BETWEEN)
            entries[source] += [tuple(normal(one).split()) for one in right.split(",")]
    return {source: tuple(dict.fromkeys(targets)) for source, targets in entries.items()}


def portuguese_for(words: Phrase) -> tuple[Phrase, ...]:
    """The roots of the Portuguese phrases that an English one stands for, in any number: `paid` is no `pay`."""
    return _from_english().get(tuple(map(singular, words)), ())


@cache
def _from_english() -> dict[Phrase, tuple[Phrase, ...]]:
    entries: dict[Phrase, list[Phrase]] = defaultdict(list)
    for source, targets in bridge().items():
        for target in targets:
            entries[tuple(map(singular, target))].append(source)
    return {target: tuple(dict.fromkeys(sources)) for target, sources in entries.items()}


@cache
def synonyms() -> dict[Phrase, tuple[Phrase, ...]]:
    """English stems to the phrases of their groups."""
    groups: dict[Phrase, list[Phrase]] = defaultdict(list)
    for line in data("synonyms")["groups"].strip().splitlines():
        phrases = [tuple(normal(one).split()) for one in line.split(",")]
        for phrase in phrases:
            own = tuple(map(stem, phrase))
            groups[own] += [other for other in phrases if tuple(map(stem, other)) != own]
    return {phrase: tuple(dict.fromkeys(others)) for phrase, others in groups.items()}


@lru_cache(8192)
def keys(word: str, language: str) -> Keys:
    """The keys of one folded word of a text in `language`, each with how surely it is meant."""
    found: Keys = {f"={singular(word)}": SAME, stem(word): FORM}
    table = data("synonyms")["abbreviations_pt" if language == "pt" else "abbreviations"]
    whole = table.get(word, "")
    if whole and " " not in whole and fold(whole) not in table:
        found |= {key: weight * BRIDGED for key, weight in keys(fold(whole), language).items() if key not in found}
    if language == "pt":
        root = stem_pt(word)
        found[f"p:{root}"] = SAME
        phrases = bridge().get((root,), ())
        weight = BRIDGED if phrases else BRIDGED * FORM
        for phrase in phrases or bridge().get((verb_of(word),), ()):
            if len(phrase) == 1:
                found.setdefault(f"={singular(phrase[0])}", weight)
                found.setdefault(stem(phrase[0]), weight * FORM)
    return found


@lru_cache(8192)
def verb_of(word: str) -> str:
    """The Portuguese verb of the bridge that a folded word is a form of: `regeram` of `reger`; empty where none is."""
    for ending in _verb_endings():
        verb = _verbs().get(word[: -len(ending)]) if word.endswith(ending) else None
        if verb:
            return verb
    return ""


@cache
def _verb_endings() -> tuple[str, ...]:
    return tuple(sorted(data("words")["verb_endings_pt"].split(), key=lambda ending: (-len(ending), ending)))


@cache
def _verbs() -> dict[str, str]:
    """The roots of the bridge's verbs to their infinitives."""
    lines = (line.partition(":")[0] for line in data("bridge")["verbs"].strip().splitlines())
    found = [normal(verb) for verb in lines]
    return {verb[:-2]: stem_pt(verb) for verb in found if verb.endswith(("ar", "er", "ir")) and " " not in verb}


@lru_cache(8192)
def wider(word: str, language: str) -> Keys:
    """The word's keys and those of its synonyms."""
    found = dict(keys(word, language))
    for key, weight in list(found.items()):
        # A verb's form says what happens: who does it and what it is done with have names of their own.
        for phrase in synonyms().get((stem(key[1:]),), ()) if key[0] == "=" and weight > BRIDGED * FORM else ():
            if len(phrase) == 1:
                found.setdefault(f"={singular(phrase[0])}", weight * SYNONYM)
                found.setdefault(stem(phrase[0]), weight * SYNONYM)
    return found


@lru_cache(8192)
def phrases(words: Phrase, language: str) -> tuple[tuple[Phrase, float], ...]:
    """Other ways to say a phrase: translations and synonyms, with how surely they mean the same. Single words by
    single words are left to `wider`."""
    found: dict[Phrase, float] = {}
    roots = tuple(map(stem_pt, words))
    if language == "pt":
        for phrase in bridge().get(roots, ()):
            found.setdefault(phrase, BRIDGED)
    own = tuple(map(stem, words))
    for base, weight in [(own, SAME), *((tuple(map(stem, phrase)), weight) for phrase, weight in found.items())]:
        for phrase in synonyms().get(base, ()):
            found.setdefault(phrase, weight * SYNONYM)
    return tuple((phrase, weight) for phrase, weight in found.items() if len(words) > 1 or len(phrase) > 1)


@cache
def longest() -> int:
    """How many words the longest phrase of the lexicon has."""
    return max(map(len, [*bridge(), *synonyms()]))


@cache
def english() -> frozenset[str]:
    """Every English word that the lexicon knows, folded."""
    words = {word for targets in bridge().values() for phrase in targets for word in phrase}
    words |= {word for group in data("synonyms")["groups"].splitlines() for word in normal(group).split()}
    return frozenset(words)


@cache
def portuguese() -> frozenset[str]:
    """The root of every Portuguese word that stands in the bridge alone."""
    return frozenset(source[0] for source in bridge() if len(source) == 1)


@lru_cache(8192)
def knows(word: str) -> bool:
    """Whether a folded word is one of either language, so that it is not another one written with a slip."""
    return word in english() or singular(word) in english() or stem_pt(word) in portuguese()


@cache
def filler() -> frozenset[str]:
    return frozenset(str(data("synonyms")["filler"]).split())


@cache
def generic() -> frozenset[str]:
    return frozenset(stem(word) for word in str(data("synonyms")["generic"]).split())


@lru_cache(4096)
def expanded(word: str, language: str) -> Phrase:
    """A schema's short word as whole words: `qty` is quantity. Words that are whole stay."""
    table = data("synonyms")["abbreviations_pt" if language == "pt" else "abbreviations"]
    return tuple(fold(table[word]).split()) if word in table else (word,)
