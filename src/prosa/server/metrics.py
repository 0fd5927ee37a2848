"""Counts of what the server did, in the Prometheus text format. No label ever holds words of a person.

Format: https://prometheus.io/docs/instrumenting/exposition_formats/ (text, version 0.0.4)
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator

from prosa.answer import Answer

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)

Labels = tuple[str, ...]


class Counter:
    """A number that only grows, for each set of label values."""

    kind = "counter"

    def __init__(self, name: str, help: str, *labels: str) -> None:
        self.name, self.help, self._labels = name, help, labels
        self._values: dict[Labels, float] = {}

    def add(self, *labels: str, by: float = 1.0) -> None:
        """Counts one more (or `by` more) under these label values."""
        self._values[labels] = self._values.get(labels, 0.0) + by

    def lines(self) -> Iterator[str]:
        """The samples, as a scraper reads them."""
        values = self._values if self._labels else {(): self._values.get((), 0.0)}
        for labels, value in values.items():
            yield f"{self.name}{_labels(self._labels, labels)} {value:g}"


class Gauge:
    """A number read when somebody looks."""

    kind = "gauge"

    def __init__(self, name: str, help: str, read: Callable[[], float]) -> None:
        self.name, self.help, self._read = name, help, read

    def lines(self) -> Iterator[str]:
        """The sample, as a scraper reads it."""
        yield f"{self.name} {self._read():g}"


class Histogram:
    """How long something took, in seconds."""

    kind = "histogram"

    def __init__(self, name: str, help: str, *labels: str) -> None:
        self.name, self.help, self._labels = name, help, labels
        self._buckets: dict[Labels, list[int]] = {}
        self._sums: dict[Labels, float] = {}

    def observe(self, seconds: float, *labels: str) -> None:
        """Takes one duration in."""
        # A bucket's bound belongs to it (`le` is "less or equal"), hence the left side.
        buckets = self._buckets.setdefault(labels, [0] * (len(_SECONDS) + 1))
        buckets[bisect_left(_SECONDS, seconds)] += 1
        self._sums[labels] = self._sums.get(labels, 0.0) + seconds

    def lines(self) -> Iterator[str]:
        """The samples, as a scraper reads them: cumulative buckets, sum and count."""
        names = (*self._labels, "le")
        for labels, buckets in self._buckets.items():
            count = 0
            for bound, number in zip((*_SECONDS, float("inf")), buckets, strict=True):
                count += number
                le = "+Inf" if bound == float("inf") else f"{bound:g}"
                yield f"{self.name}_bucket{_labels(names, (*labels, le))} {count}"
            yield f"{self.name}_sum{_labels(self._labels, labels)} {self._sums[labels]:g}"
            yield f"{self.name}_count{_labels(self._labels, labels)} {count}"


def _labels(names: Labels, values: Labels) -> str:
    pairs = (f'{name}="{_escaped(value)}"' for name, value in zip(names, values, strict=True))
    return "{" + ",".join(pairs) + "}" if names else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


class Metrics:
    """Everything that this server counts."""

    def __init__(self) -> None:
        self.runs = Counter("prosa_runs_total", "Runs that have ended, by how.", "outcome")
        self.run_seconds = Histogram("prosa_run_seconds", "How long answered runs took.")
        self.stages = Histogram("prosa_stage_seconds", "How long stages took.", "stage")
        self.queries = Counter("prosa_queries_total", "Statements, by what became of them.", "outcome")
        self.exports = Counter("prosa_exports_total", "Exports that were written to the end, by format.", "format")
        self.downloads = Counter("prosa_downloads_total", "Files and exports that were delivered whole.")
        self.errors = Counter("prosa_errors_total", "Failed runs and refused requests, by code.", "code")
        self._all: list[Counter | Gauge | Histogram] = [
            self.runs, self.run_seconds, self.stages, self.queries, self.exports, self.downloads, self.errors,
        ]  # fmt: skip

    def gauge(self, name: str, help: str, read: Callable[[], float]) -> None:
        """Adds a number that is read when somebody looks."""
        self._all.append(Gauge(name, help, read))

    def count(self, answer: Answer) -> None:
        """Takes in what a run has come to."""
        self.runs.add(answer.status)
        if answer.duration_ms is not None:
            self.run_seconds.observe(answer.duration_ms / 1000)
        for stage in answer.stages:
            if stage.duration_ms is not None:
                self.stages.observe(stage.duration_ms / 1000, stage.stage)
        for query in answer.queries:
            self.queries.add("failed" if query.code else "done")
        if answer.failure is not None:
            self.errors.add(answer.failure.code)

    def text(self) -> str:
        """All of it, as a scraper reads it."""
        lines: list[str] = []
        for metric in self._all:
            lines += [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} {metric.kind}", *metric.lines()]
        return "\n".join(lines) + "\n"
