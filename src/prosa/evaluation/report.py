"""What a suite's outcomes add up to, and how that reads: for terminals, as Markdown, as JSON."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from prosa import locales
from prosa.evaluation.running import Outcome

BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 1.0)
"""The bounds of confidence between which answers are counted; the last bin has both of its ends."""


class Bin(msgspec.Struct, frozen=True):
    """Answers whose confidence lies from `low` to below `high`, and how many of them are right."""

    low: float
    high: float
    answers: int
    right: int


class Summary(msgspec.Struct, frozen=True):
    """Counts and shares (0 to 1; None where there is nothing to count) over one or more suites. `scored` are the
    questions that have an answer that proves something; shares of answers count those alone. Times in milliseconds."""

    asked: int
    scored: int
    right: int
    right_with_extra: int
    answered: int
    clarify: int
    refused: int
    error: int
    trivial: int
    gold_failed: int
    not_predicted: int
    unanswerable: int
    unanswerable_held: int
    accuracy: float | None
    accuracy_with_extra: float | None
    share_answered: float | None
    precision: float | None
    precision_with_extra: float | None
    held: float | None
    calibration: tuple[Bin, ...]
    median_ms: float | None
    p95_ms: float | None


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """The summary of a run."""
    scored = [outcome for outcome in outcomes if not outcome.skipped and not outcome.turn.unanswerable]
    never = [outcome for outcome in outcomes if outcome.turn.unanswerable and not outcome.skipped]
    statuses = Counter(outcome.prediction.status for outcome in scored)
    skipped = Counter(outcome.skipped for outcome in outcomes)
    right = sum(outcome.right for outcome in scored)
    with_extra = sum(outcome.verdict.right_with_extra for outcome in scored)
    held = sum(outcome.right for outcome in never)
    times = sorted(ms for outcome in outcomes if (ms := outcome.prediction.ms) is not None)
    return Summary(
        asked=len(outcomes),
        scored=len(scored),
        right=right,
        right_with_extra=with_extra,
        answered=statuses["answered"],
        clarify=statuses["clarify"],
        refused=statuses["refused"],
        error=statuses["error"],
        trivial=skipped["trivial"],
        gold_failed=skipped["gold_failed"],
        not_predicted=skipped["not_predicted"],
        unanswerable=len(never),
        unanswerable_held=held,
        accuracy=_share(right, len(scored)),
        accuracy_with_extra=_share(with_extra, len(scored)),
        share_answered=_share(statuses["answered"], len(scored)),
        precision=_share(right, statuses["answered"]),
        precision_with_extra=_share(with_extra, statuses["answered"]),
        held=_share(held, len(never)),
        calibration=_calibration(scored),
        median_ms=statistics.median(times) if times else None,
        p95_ms=times[min(int(len(times) * 0.95), len(times) - 1)] if times else None,
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _calibration(scored: Iterable[Outcome]) -> tuple[Bin, ...]:
    said = [(o.prediction.confidence, o.right) for o in scored if o.prediction.status == "answered"]
    known = [(confidence, right) for confidence, right in said if confidence is not None]
    bins = []
    for low, high in pairwise(BINS):
        inside = [right for confidence, right in known if low <= confidence < high or confidence == high == BINS[-1]]
        if inside:
            bins.append(Bin(low, high, len(inside), sum(inside)))
    return tuple(bins)


def lines(summary: Summary, locale: str) -> list[tuple[str, str]]:
    """The summary as titles and values for people."""
    shown = [
        ("accuracy", _of(summary.right, summary.scored, locale)),
        ("accuracy_with_extra", _of(summary.right_with_extra, summary.scored, locale)),
        ("answered", _of(summary.answered, summary.scored, locale)),
        ("precision", _of(summary.right, summary.answered, locale)),
        ("precision_with_extra", _of(summary.right_with_extra, summary.answered, locale)),
        ("clarify", str(summary.clarify)),
        ("refused", str(summary.refused)),
        ("error", str(summary.error)),
    ]
    if summary.unanswerable:
        shown.append(("held", _of(summary.unanswerable_held, summary.unanswerable, locale)))
    for name in ("trivial", "gold_failed", "not_predicted"):
        if count := getattr(summary, name):
            shown.append((name, str(count)))
    titled = [(locales.text(f"eval.{name}", locale), value) for name, value in shown]
    titled += [(_bin_title(part, locale), _of(part.right, part.answers, locale)) for part in summary.calibration]
    if summary.median_ms is not None and summary.p95_ms is not None:
        median, p95 = (locales.number(value, locale, places=1) for value in (summary.median_ms, summary.p95_ms))
        titled.append((locales.text("eval.time", locale), locales.text("eval.times", locale, median=median, p95=p95)))
    return titled


def _of(part: int, whole: int, locale: str) -> str:
    if not whole:
        return "–"
    share = locales.number(100 * part / whole, locale, places=1)
    return locales.text("eval.share", locale, percent=share, part=part, whole=whole)


def _bin_title(part: Bin, locale: str) -> str:
    low, high = (locales.number(bound, locale, places=1) for bound in (part.low, part.high))
    return locales.text("eval.confidence", locale, low=low, high=high)


def text(outcomes: Sequence[Outcome], locale: str) -> str:
    """The summary in aligned lines."""
    found = lines(summarise(outcomes), locale)
    width = max(len(title) for title, _ in found)
    asked = locales.text("eval.asked", locale, count=len(outcomes), n=len(outcomes))
    return "\n".join([asked, *(f"  {title:<{width}}  {value}" for title, value in found)])


def json(outcomes: Sequence[Outcome]) -> bytes:
    """Summary and every outcome, for programs."""
    items = [
        {
            **msgspec.to_builtins(outcome.prediction),
            "question": outcome.turn.question,
            "database": outcome.database,
            "gold": outcome.turn.golds,
            "right": outcome.right,
            "right_with_extra": outcome.verdict.right_with_extra,
            "skipped": outcome.skipped,
            "note": outcome.note,
        }
        for outcome in outcomes
    ]
    body = msgspec.json.encode({"summary": summarise(outcomes), "questions": items})
    return msgspec.json.format(body, indent=2) + b"\n"


def markdown(outcomes: Sequence[Outcome], locale: str) -> str:
    """The summary, the share of each database, and every question that is not right, with both statements."""
    words = {name: locales.text(f"eval.{name}", locale) for name in ("title", "databases", "wrong", "database", "gold")}
    parts = [f"# {words['title']}", "", "| | |", "|---|---|"]
    parts += [f"| {title} | {value} |" for title, value in lines(summarise(outcomes), locale)]
    parts += ["", f"## {words['databases']}", "", f"| {words['database']} | |", "|---|---|"]
    for database in sorted({outcome.database for outcome in outcomes}):
        found = summarise([outcome for outcome in outcomes if outcome.database == database])
        parts.append(f"| {database} | {_of(found.right, found.scored, locale)} |")
    parts += ["", f"## {words['wrong']}", ""]
    parts += [_wrong(outcome, words["gold"]) for outcome in outcomes if not outcome.right and not outcome.skipped]
    return "\n".join(parts) + "\n"


def _wrong(outcome: Outcome, gold: str) -> str:
    prediction = outcome.prediction
    head = f"- **{prediction.id}** ({outcome.database}, {prediction.status}"
    head += f", {prediction.confidence:.2f})" if prediction.confidence is not None else ")"
    told = [f"{head} {_flat(outcome.turn.question)}" + (f" · `{outcome.note}`" if outcome.note else "")]
    told += [f"  - {gold}: `{_flat(sql)}`" for sql in outcome.turn.golds[:1]]
    told += [f"  - `{_flat(prediction.sql)}`"] if prediction.sql else []
    return "\n".join(told)


def _flat(words: str) -> str:
    return " ".join(words.replace("`", "'").split())
