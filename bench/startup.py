"""How long starting takes: `import prosa` over an empty interpreter, `prosa --help`, and a cold question to a 1 MB CSV.

    uv run python bench/startup.py

Medians of fresh processes, the peers in turn in one run. Aims: import at most 40 ms over the empty interpreter, the
cold question under 2 s.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPETITIONS = 15
COLD_REPETITIONS = 5
MEGABYTE = 1 << 20


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sales = sales_csv(Path(folder, "sales.csv"))
        commands = {
            "empty interpreter": ["-c", "pass"],
            "import prosa": ["-c", "import prosa"],
            "prosa --help": ["-m", "prosa", "--help"],
        }
        times = alternating(commands, REPETITIONS)
        for name in commands:
            print(f"{name:<32}{times[name] * 1000:8.1f} ms")
        extra = times["import prosa"] - times["empty interpreter"]
        print(f"{'import over empty (aim 40 ms)':<32}{extra * 1000:8.1f} ms")
        print(f"{'cold ask, 1 MB CSV (aim 2 s)':<32}{cold(sales, Path(folder)):8.2f} s")


def alternating(commands: dict[str, list[str]], repetitions: int) -> dict[str, float]:
    """The median seconds of each command; one round first, uncounted, warms the disk."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(repetitions + 1):
        for name, words in commands.items():
            seconds = run(words)
            if number:
                taken[name].append(seconds)
    return {name: statistics.median(values) for name, values in taken.items()}


def cold(sales: Path, folder: Path) -> float:
    """The median seconds of a question with an empty cache."""
    question = ["-m", "prosa", "ask", str(sales), "top 5 customers by revenue"]
    caches = (folder / f"cache{number}" for number in range(COLD_REPETITIONS))
    return statistics.median(run(question, PROSA_CACHE_DIR=str(cache)) for cache in caches)


def run(words: list[str], **environment: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, capture_output=True, env={**os.environ, **environment})
    return time.perf_counter() - begun


def sales_csv(path: Path) -> Path:
    """About 1 MB of orders."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write("order_id,customer,city,day,revenue\n")
        number = 0
        while file.tell() < MEGABYTE:
            number += 1
            customer, city = f"Customer {chance.randrange(500)}", chance.choice(("São Paulo", "Rio", "Recife", "Natal"))
            day = f"2025-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
            file.write(f"{number},{customer},{city},{day},{chance.randrange(100, 99999) / 100}\n")
    return path


if __name__ == "__main__":
    main()
