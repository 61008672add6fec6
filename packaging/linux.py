"""What Linux may lack: the system libraries that Qt's wheels link to, and fonts to write with."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from children import call

# Shared library: package in Debian and Ubuntu, package in Arch. The rpm systems need no table:
# there `libEGL.so.1()(64bit)` is itself something that dnf and zypper install.
LIBRARIES = {
    "libEGL.so.1": ("libegl1", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd"),
    "libGLX.so.0": ("libglx0", "libglvnd"),
    "libOpenGL.so.0": ("libopengl0", "libglvnd"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libx11"),
    "libX11.so.6": ("libx11-6", "libx11"),
    "libbrotlicommon.so.1": ("libbrotli1", "brotli"),
    "libbrotlidec.so.1": ("libbrotli1", "brotli"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus"),
    "libdrm.so.2": ("libdrm2", "libdrm"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype2"),
    "libgbm.so.1": ("libgbm1", "mesa"),
    "libgio-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libgobject-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libwayland-client.so.0": ("libwayland-client0", "wayland"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "wayland"),
    "libwayland-egl.so.1": ("libwayland-egl1", "wayland"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-glx.so.0": ("libxcb-glx0", "libxcb"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xinerama.so.0": ("libxcb-xinerama0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxcb.so.1": ("libxcb1", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libz.so.1": ("zlib1g", "zlib"),
    "libzstd.so.1": ("libzstd1", "zstd"),
}

# Purpose: package by manager. Chinese is Noto, the first of the window's font list, although it
# is 57 MB to fetch where WenQuanYi Micro Hei is 1.6 MB: it has a drawn bold, WenQuanYi only a
# regular that Qt must smear; beside torch it weighs little, and a desktop seldom lacks both.
CHINESE = "a font with Chinese"
LATIN = "a Latin font such as Inter or Noto Sans"
FONTS = {
    CHINESE: {
        "apt-get": "fonts-noto-cjk",
        "dnf": "font(:lang=zh-cn)",
        "zypper": "font(:lang=zh-cn)",
        "pacman": "noto-fonts-cjk",
    },
    LATIN: {
        "apt-get": "fonts-inter",
        "dnf": "font(dejavusans)",
        "zypper": "font(dejavusans)",
        "pacman": "inter-font",
    },
}
BEST_LATIN = "Inter"
GOOD_LATIN = {BEST_LATIN, "Noto Sans", "DejaVu Sans"}

INSTALL = {
    "apt-get": "apt-get install -y --no-install-recommends",
    "dnf": "dnf install -y",
    "zypper": "zypper install -y",
    "pacman": "pacman -S --needed --noconfirm",
}


@dataclass(frozen=True)
class Missing:
    """What a look at the system did not find."""

    vital: list[str] = field(default_factory=list)  # libraries without which nothing starts
    windowing: list[str] = field(default_factory=list)  # libraries that only a window needs
    fonts: list[str] = field(default_factory=list)

    @property
    def libraries(self) -> list[str]:
        return [*self.vital, *self.windowing]

    def __bool__(self) -> bool:
        return bool(self.libraries or self.fonts)


def package_manager(which: Callable[[str], str | None] = shutil.which) -> str | None:
    """The name of this system's package manager, where it is one that we know."""
    return next((name for name in INSTALL if which(name)), None)


def is_root() -> bool:
    """Whether this process may install system packages."""
    return sys.platform != "win32" and os.geteuid() == 0


def can_install() -> bool:
    """Whether packages are installed without asking: only as root, and only with apt."""
    return is_root() and package_manager() == "apt-get"


def packages(missing: Missing, manager: str) -> list[str]:
    """The packages that bring what is missing, without repeats; unknown libraries are left out."""
    if manager in {"dnf", "zypper"}:
        names = [f"{library}()(64bit)" for library in missing.libraries]
    else:
        column = 0 if manager == "apt-get" else 1
        names = [LIBRARIES[name][column] for name in missing.libraries if name in LIBRARIES]
    names += [FONTS[purpose][manager] for purpose in missing.fonts]
    if missing.fonts:
        names.append("fontconfig")
    return list(dict.fromkeys(names))


def command(names: Iterable[str], manager: str | None, *, root: bool) -> str:
    """What a person types to install packages."""
    if manager is None:
        return f"this system's package manager: {' '.join(names)}"
    sudo = "" if root else "sudo "
    line = f"{sudo}{INSTALL[manager]} {' '.join(map(shlex.quote, names))}"
    return f"{sudo}apt-get update && {line}" if manager == "apt-get" else line


def advice(missing: Missing) -> str:
    """The command that brings what is missing on this system, and what has no known package."""
    manager = package_manager()
    root = is_root()
    if manager is None:
        return command([*missing.libraries, *missing.fonts], None, root=root)
    lines = []
    if names := packages(missing, manager):
        lines.append(command(names, manager, root=root))
    if manager in {"apt-get", "pacman"}:
        unknown = [name for name in missing.libraries if name not in LIBRARIES]
        lines += [f"and the package that has {name}" for name in unknown]
    return "\n  ".join(lines)


def install(names: Iterable[str]) -> bool:
    """Install Debian packages, as root; on failure show what apt said."""
    names = list(names)
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"      installing {' '.join(names)}")
    steps = [
        ["apt-get", "-qq", "update"],
        [*INSTALL["apt-get"].split(), "-qq", "-o", "DPkg::Lock::Timeout=120", *names],
    ]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        # Only the last one counts: a single broken package source need not stop the rest.
        for step in steps:
            # Time enough for dpkg to finish the package in its hands.
            status = call(step, variables=variables, output=log, polite="SIGINT", patience=60)
        if status:
            log.seek(0)
            print("".join(f"      {line}" for line in log.readlines()[-12:]))
    return status == 0


def look(qt: Path, *, generous: bool) -> Missing:
    """What Qt (its folder in PySide6) and the window's text lack here.

    ``generous`` also counts the nicest Latin font as missing where only a good one is there.
    """
    vital, windowing = missing_libraries(_ask("ldd", *map(str, qt_files(qt))) or "")
    fonts = _ask("fc-list", "--format", "%{family}\t%{lang}\n")
    if fonts is None and not generous:
        return Missing(vital, windowing)  # without fontconfig's tools nothing is known of fonts
    return Missing(vital, windowing, missing_fonts(fonts or "", generous=generous))


def qt_files(qt: Path) -> list[Path]:
    """The Qt libraries and plug-ins whose links are checked: off-screen, X11 and Wayland."""
    plugins = qt / "plugins"
    wanted = [
        *(qt / "lib" / f"libQt6{part}.so.6" for part in ("Gui", "Widgets", "DBus", "Svg")),
        *(plugins / "platforms" / f"libq{name}.so" for name in ("offscreen", "xcb", "wayland")),
        *sorted((plugins / "xcbglintegrations").glob("*.so")),
        plugins / "wayland-graphics-integration-client" / "libqt-plugin-wayland-egl.so",
    ]
    return [path for path in wanted if path.exists()]


def missing_libraries(ldd: str) -> tuple[list[str], list[str]]:
    """The libraries that ldd did not find: those that everything needs, those for windows only."""
    vital: dict[str, None] = {}
    windowing: dict[str, None] = {}
    section = vital
    for line in ldd.splitlines():
        if line.endswith(":") and not line[0].isspace():
            windows_only = any(part in line for part in ("xcb", "wayland"))
            section = windowing if windows_only else vital
        elif line.endswith("=> not found"):
            section[line.split()[0]] = None
    return sorted(vital), sorted(windowing.keys() - vital.keys())


def missing_fonts(listing: str, *, generous: bool) -> list[str]:
    """The purposes without a font, from lines of families, a tab and languages."""
    families: set[str] = set()
    languages: set[str] = set()
    for line in listing.splitlines():
        names, _, spoken = line.partition("\t")
        families.update(names.split(","))
        languages.update(spoken.split("|"))
    missing = [] if "zh-cn" in languages else [CHINESE]
    if not families & ({BEST_LATIN} if generous else GOOD_LATIN):
        missing.append(LATIN)
    return missing


def _ask(*question: str) -> str | None:
    """What a small tool prints; None where there is no such tool."""
    try:
        answer = subprocess.run(
            question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
    except FileNotFoundError:
        return None
    return answer.stdout
