"""The checkout's own Python environment: made, filled from the lock, mended, and left alone."""

from __future__ import annotations

import csv
import errno
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import linux
from children import call

LOCK = "aegan-studio.lock"


class SetUpError(Exception):
    """Setting up cannot go on; the message says why and what to do."""


@dataclass(frozen=True)
class Environment:
    """The paths of a checkout and of its environment, `.venv`."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.script("python")

    @property
    def packages(self) -> Path:
        if sys.platform == "win32":
            return self.folder / "Lib" / "site-packages"
        version = "python{}.{}".format(*sys.version_info[:2])
        return self.folder / "lib" / version / "site-packages"

    @property
    def stamp(self) -> Path:
        return self.folder / "aegan-studio.json"

    @property
    def scratch(self) -> Path:
        return self.folder / "tmp"

    def script(self, name: str) -> Path:
        """The path of an installed command."""
        if sys.platform == "win32":
            return self.folder / "Scripts" / f"{name}.exe"
        return self.folder / "bin" / name


def prepare(environment: Environment, *, development: bool) -> None:
    """Make the environment fit to run (or also to test) the program; quick when it already is.

    Raises SetUpError where it cannot be done.
    """
    if is_filled(environment, development=development) and is_system_fit(environment):
        return
    with _only_one(environment):
        # Asked again: another start may have done it while this one waited.
        if not is_filled(environment, development=development):
            _fill(environment, development=development)
        if not is_system_fit(environment):
            _fit_system(environment)


def is_filled(environment: Environment, *, development: bool) -> bool:
    """Whether the packages are as locked; looks, and starts no process.

    An environment that can test can also run.
    """
    stamp = read_stamp(environment.stamp)
    return (
        stamp.get("fingerprint") == fingerprint(environment.root)
        and (stamp.get("development") is True or not development)
        and environment.python.exists()
        and set(_names(environment.packages)) >= set(stamp.get("distributions", ()))
    )


def is_system_fit(environment: Environment) -> bool:
    """Whether an earlier start found the system libraries there; only Linux can lack them."""
    return not sys.platform.startswith("linux") or bool(read_stamp(environment.stamp).get("system"))


def fingerprint(root: Path) -> str:
    """Changes when what is wanted changes: the requirements, the lock, the Python, the place."""
    parts = [
        (root / "pyproject.toml").read_bytes(),
        (root / "packaging" / "constraints.txt").read_bytes(),
        "{}.{}".format(*sys.version_info[:2]).encode(),
        sysconfig.get_platform().encode(),
        os.fsencode(root),
    ]
    # The same checkout inside a container is another system, which may lack libraries.
    with suppress(OSError):
        parts.append(Path("/etc/os-release").read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def read_stamp(path: Path) -> dict[str, Any]:
    """What the last complete set-up noted; empty when there was none."""
    try:
        stamp = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(path: Path, stamp: Mapping[str, Any]) -> None:
    """Note a set-up, in one step."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    beside.replace(path)


def requirements(root: Path, *, development: bool) -> list[str]:
    """What pyproject.toml asks for, the build backend included: it is locked like the rest."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted: list[str] = project["build-system"]["requires"] + project["project"]["dependencies"]
    return wanted + project["dependency-groups"]["dev"] if development else wanted


def locked(root: Path, name: str) -> str:
    """The line of the lock for a package, such as ``torch==2.13.0``."""
    lines = (root / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"{name}=="))


def is_complete(distribution: Path) -> bool:
    """Whether every file that pip recorded for a package is there in its recorded size.

    A wheel brings a record of its own; pip replaces it last, by one that also names INSTALLER.
    """
    finished = False
    try:
        with (distribution / "RECORD").open(encoding="utf-8", newline="") as record:
            for name, _, size in csv.reader(record):
                if name.endswith(".pyc"):
                    continue  # Python writes these anew as it likes
                found = (distribution.parent / name).stat()
                if size and found.st_size != int(size):
                    return False
                finished = finished or name.endswith(".dist-info/INSTALLER")
    except (OSError, ValueError):
        return False
    return finished


def forget_broken(packages: Path) -> list[str]:
    """Remove the metadata of half-installed packages, so that pip installs them anew."""
    broken = [path for path in _distributions(packages) if not is_complete(path)]
    # pip renames what it replaces to ~name, and leaves that behind when it is killed.
    for path in [*broken, *packages.glob("~*")]:
        shutil.rmtree(path, ignore_errors=True)
    return [path.name.partition("-")[0] for path in broken]


def _distributions(packages: Path) -> list[Path]:
    return sorted(packages.glob("*.dist-info"))


def _names(packages: Path) -> list[str]:
    return [path.name for path in _distributions(packages)]


@contextmanager
def _only_one(environment: Environment) -> Iterator[None]:
    """Keep two starts from filling one environment; the system frees the lock of a dead one."""
    environment.folder.mkdir(exist_ok=True)
    with (environment.folder / LOCK).open("w") as file:
        if not _try_lock(file):
            print("Another start is setting up this checkout; waiting for it.")
            while not _try_lock(file):
                time.sleep(0.2)
        # The children hold the lock too: a pip that outlives a killed start is waited for.
        os.set_inheritable(file.fileno(), True)
        yield


def _try_lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Some network file systems know no locks: there it goes without one.
        return error.errno not in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
    return True


def _fill(environment: Environment, *, development: bool) -> None:
    """Install what is locked; where an earlier start was cut short, go on from there."""
    root = environment.root
    # What can test stays able to: a `run` after a `test` takes nothing away.
    development = development or read_stamp(environment.stamp).get("development") is True
    print("Setting up AEGAN Studio. The first time takes some minutes and 2 to 6 GB of disk.")
    environment.stamp.unlink(missing_ok=True)
    torch = locked(root, "torch")
    try:
        with _step(1, "the Python environment, .venv"):
            _make(environment)
        with _step(2, f"{torch}, the largest part"):
            _pip(environment, [torch])
        with _step(3, "the other packages"):
            _pip(environment, requirements(root, development=development))
        with _step(4, "AEGAN Studio itself"):
            _pip(environment, ["--no-deps", "--no-build-isolation", "--editable", str(root)])
    finally:
        shutil.rmtree(environment.scratch, ignore_errors=True)
    stamp = {
        "fingerprint": fingerprint(root),
        "development": development,
        "distributions": _names(environment.packages),
    }
    write_stamp(environment.stamp, stamp)


@contextmanager
def _step(number: int, title: str) -> Iterator[None]:
    print(f"[{number}/4] {title} ...")
    began = time.monotonic()
    yield
    print(f"      {time.monotonic() - began:.1f} s")


def _make(environment: Environment) -> None:
    """Create the environment, or mend the one that is there."""
    if _works(environment):
        for name in forget_broken(environment.packages):
            print(f"      {name} is incomplete and will be installed again")
        return
    for path in environment.folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()
    _need_ensurepip()
    # Not sys.executable: that may be the environment that was just cleared.
    python = getattr(sys, "_base_executable", None) or sys.executable
    if call([python, "-m", "venv", str(environment.folder)]):
        raise SetUpError(f"{python} could not create {environment.folder}; see its message above.")


def _works(environment: Environment) -> bool:
    """Whether the environment's Python starts, is of this version, and has a whole pip."""
    pip = [path for path in _distributions(environment.packages) if path.name.startswith("pip-")]
    return (
        environment.python.exists()
        and (environment.python.parent / "activate").exists()  # what venv writes last
        and len(pip) == 1
        and is_complete(pip[0])
        and call([str(environment.python), "-c", "import pip"], output=subprocess.DEVNULL) == 0
    )


def _need_ensurepip() -> None:
    """Debian and Ubuntu ship Python without the part that makes environments."""
    if importlib.util.find_spec("ensurepip"):
        return
    names = ["python{}.{}-venv".format(*sys.version_info[:2])]
    if linux.can_install() and linux.install(names):
        return
    line = linux.command(names, "apt-get", root=linux.is_root())
    raise SetUpError(
        "This Python lacks ensurepip. On Debian and Ubuntu this brings it:\n"
        f"  {line}\nThen start again."
    )


def _pip(environment: Environment, arguments: list[str]) -> None:
    """Install with the environment's pip; which index it asks is the machine's own setting."""
    root = environment.root
    environment.scratch.mkdir(exist_ok=True)
    scratch = str(environment.scratch)
    variables = {
        **os.environ,
        # Beside its destination: wheels of gigabytes do not fit in many a /tmp, and what an
        # interrupted pip leaves is found and removed.
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), scratch),
        "PIP_USER": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    command = [str(environment.python), "-m", "pip", "install", "--no-input"]
    if not sys.stdout.isatty():
        command.append("-qq")  # progress bars are for terminals
    command += ["--constraint", str(root / "packaging" / "constraints.txt"), *arguments]
    if call(command, variables=variables):
        raise SetUpError(
            "pip could not install this; its message is above. Often the network is missing, the "
            f"disk is full,\nor there is no package for this machine ({platform.system()} "
            f"{platform.machine()}, Python {platform.python_version()}).\n"
            "Start again to go on from here."
        )


def _fit_system(environment: Environment) -> None:
    """Install the system libraries and fonts that are missing, or say how to."""
    qt = environment.packages / "PySide6" / "Qt"
    generous = linux.can_install()
    missing = linux.look(qt, generous=generous)
    if missing and generous:
        print("System libraries and fonts ...")
        began = time.monotonic()
        linux.install(linux.packages(missing, "apt-get"))
        print(f"      {time.monotonic() - began:.1f} s")
        missing = linux.look(qt, generous=False)
    if missing.vital:
        raise SetUpError(
            f"Qt cannot start without these system libraries: {', '.join(missing.vital)}.\n"
            f"Install them with:\n  {linux.advice(missing)}\nThen start again."
        )
    if missing.windowing:
        print(f"No window can open without {', '.join(missing.windowing)}.")
    if missing.fonts:
        print(f"Missing: {', '.join(missing.fonts)}. Until then some text may show as boxes.")
    if missing:
        print(f"Install what is missing with:\n  {linux.advice(missing)}")
    # Fonts are asked for once; libraries until they are there.
    if not missing.windowing:
        write_stamp(environment.stamp, {**read_stamp(environment.stamp), "system": True})
