"""Fetches the partial bundles of plotly.js that fit the installed plotly package, and the outlines of its maps, and
compresses them once.

Usage: uv run python scripts/plotly_bundles.py      Needs npm; run it again whenever plotly is upgraded.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import tarfile
import tempfile
from importlib import resources
from pathlib import Path

TARGET = Path(__file__).parent.parent / "src" / "prosa" / "charts" / "bundles"
BUNDLES = ("basic", "cartesian")
OUTLINES = "_110m"
TRACE = re.compile(r'moduleType:"trace",name:"([a-z0-9]+)"')


def main() -> None:
    version = installed_version()
    listed = {}
    for name in BUNDLES:
        members = packed(f"plotly.js-{name}-dist-min@{version}")
        script = members[f"package/plotly-{name}.min.js"]
        (TARGET / f"{name}.js.gz").write_bytes(gzip.compress(script, 9, mtime=0))
        (TARGET / "LICENSE-plotly.txt").write_bytes(members["package/LICENSE"])
        listed[name] = sorted(set(TRACE.findall(script.decode("utf-8"))))
    (TARGET / "pt-br.json").write_text(portuguese() + "\n", "utf-8")
    outlines(version)
    described = {"version": version, "traces": listed}
    (TARGET / "bundles.json").write_text(json.dumps(described, indent=2) + "\n", "utf-8")
    print(version, {name: len(traces) for name, traces in listed.items()})


def installed_version() -> str:
    head = resources.files("plotly").joinpath("package_data/plotly.min.js").read_text("utf-8")[:200]
    found = re.search(r"plotly\.js v([\d.]+)", head)
    assert found, "plotly.min.js does not begin with its version"
    return found[1]


def outlines(version: str) -> None:
    """The coarse outlines of the world and of each continent, which plotly.js would fetch from the network."""
    script = packed(f"plotly.js@{version}")["package/dist/plotly-geo-assets.js"].decode("utf-8")
    program = f"globalThis.window = globalThis;\n(0, eval)({json.dumps(script)})\n"
    program += "console.log(JSON.stringify((window.PlotlyGeoAssets || window.Plotly).topojson))"
    done = subprocess.run(["node", "-"], input=program, capture_output=True, text=True, check=True)
    (TARGET / "outlines").mkdir(exist_ok=True)
    for name, topology in json.loads(done.stdout).items():
        if name.endswith(OUTLINES):
            data = json.dumps({name: topology}, separators=(",", ":")).encode()
            (TARGET / "outlines" / f"{name}.json.gz").write_bytes(gzip.compress(data, 9, mtime=0))


def portuguese() -> str:
    """plotly's own Brazilian dictionary, of its newest locale package, as JSON."""
    script = packed("plotly.js-locales")["package/pt-br.js"].decode("utf-8")
    program = script + "\nconsole.log(JSON.stringify(module.exports))"
    done = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def packed(package: str) -> dict[str, bytes]:
    """The files of an npm package."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            files = {member.name: archive.extractfile(member) for member in archive.getmembers() if member.isfile()}
            return {name: file.read() for name, file in files.items() if file}


if __name__ == "__main__":
    main()
