"""The two commands: run (or, without a display, the demo) and test."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from children import Interrupted, Polite, call, exit_status, raise_on_signals
from environment import Environment, SetUpError, prepare

ROOT = Path(__file__).resolve().parent.parent
USAGE = """\
Usage: python packaging/start.py run  [-- ARGS]         set up, then start AEGAN Studio
       python packaging/start.py test [-- PYTEST_ARGS]  set up, then check and test it

The first start installs what is locked in packaging/constraints.txt into .venv; later ones
start at once. Everything after -- goes to AEGAN Studio (run) or to pytest (test), as in
       python packaging/start.py run -- --help
"""
MOST_PROCESSES = 4
"""Test processes beside each other: each loads torch and Qt for itself."""
PICTURES = {".png", ".gif", ".mp4"}


def split_arguments(arguments: list[str]) -> tuple[str, list[str]]:
    """The command, and what is handed on; where that is unclear ValueError says so."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        return "help", []
    command, *rest = arguments
    if command not in {"run", "test"}:
        raise ValueError(f"There is no command {command!r}; there are run and test.")
    if not rest:
        return command, []
    if rest[0] in {"-h", "--help"}:
        return "help", []
    if rest[0] != "--":
        raise ValueError(f"Put -- before what is handed on: {command} -- {shlex.join(rest)}")
    return command, rest[1:]


def has_display(variables: Mapping[str, str], platform: str) -> bool:
    """Whether a window can be expected to open; on Linux the session says so in a variable."""
    if platform in {"win32", "darwin"}:
        return True
    return bool(variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY"))


def run(environment: Environment, arguments: list[str]) -> int:
    """Start the program; where no window can open and nothing is asked for, its demo."""
    program = [str(environment.python), "-m", "aegan_studio"]
    if arguments or has_display(os.environ, sys.platform):
        return exit_status(call([*program, *arguments], polite="SIGINT"))
    return run_demo(program, environment.root / "out" / "quick-start")


def run_demo(program: list[str], out: Path) -> int:
    """Train, explore and save without a window, and say where the pictures lie."""
    print(
        "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can\n"
        "open. Running the demo off-screen instead: it trains, explores and saves pictures."
    )
    began = time.time()
    status = exit_status(
        call(
            [*program, "demo", "--offscreen", "--out", str(out)],
            polite="SIGINT",
            variables={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
    )
    if status:
        return status
    pictures = pictures_since(out, began)
    if not pictures:
        print(f"The demo ended well but left no picture in {out}.")
        return 1
    print("The pictures lie here:")
    for picture in pictures:
        print(f"  {picture}")
    return 0


def pictures_since(folder: Path, began: float) -> list[Path]:
    """The pictures written since then (2 s of slack: some file systems round times)."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in PICTURES and path.stat().st_mtime >= began - 2
    )


def checks(environment: Environment, pytest_arguments: list[str]) -> list[tuple[str, list[str]]]:
    """Every check's name and command, quickest first, the tests last."""
    module = [str(environment.python), "-m"]
    return [
        ("ruff format", [*module, "ruff", "format", "--check", "."]),
        ("ruff check", [*module, "ruff", "check", "."]),
        ("import-linter", [str(environment.script("lint-imports")), "--no-logo"]),
        ("mypy", [*module, "mypy"]),
        ("pytest", [*module, "pytest", *(pytest_arguments or side_by_side())]),
    ]


def side_by_side() -> list[str]:
    """Pytest's arguments for all tests: whole files beside each other, a process for each core."""
    cores = min(os.cpu_count() or 1, MOST_PROCESSES)
    return ["-n", str(cores), "--dist", "loadfile"] if cores > 1 else []


def test(environment: Environment, arguments: list[str]) -> int:
    """Run all checks, whatever the earlier ones say, then a table of how each went."""
    rows = []
    for name, command in checks(environment, arguments):
        print(f"\n== {name} ==")
        began = time.monotonic()
        polite: Polite = "SIGINT" if name == "pytest" else "SIGTERM"
        status = exit_status(call(command, folder=environment.root, polite=polite))
        rows.append((name, status, time.monotonic() - began))
    print("\n" + summary(rows))
    return int(any(status for _, status, _ in rows))


def summary(rows: list[tuple[str, int, float]]) -> str:
    """One line per check: name, verdict, seconds."""
    lines = [
        f"{name:<14} {'passed' if status == 0 else f'FAILED ({status})':<12} {seconds:7.1f} s"
        for name, status, seconds in rows
    ]
    failed = [name for name, status, _ in rows if status]
    lines.append(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Do one command; its exit status."""
    # A console that lacks a sign of somebody's path shows a question mark instead of a traceback.
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace", line_buffering=True)
    raise_on_signals()
    try:
        command, rest = split_arguments(arguments)
    except ValueError as error:
        print(f"{error}\n\n{USAGE}", end="", file=sys.stderr)
        return 2
    if command == "help":
        print(USAGE, end="")
        return 0
    environment = Environment(ROOT)
    stopped = "Stopped while setting up; the next start goes on from here."
    try:
        prepare(environment, development=command == "test")
        stopped = "Stopped."
        return run(environment, rest) if command == "run" else test(environment, rest)
    except (SetUpError, OSError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except Interrupted as interruption:
        # A progress bar that was cut short has hidden the cursor.
        show_cursor = "\x1b[?25h" if sys.stderr.isatty() else ""
        print(f"{show_cursor}\n{stopped}", file=sys.stderr)
        return 128 + interruption.number
