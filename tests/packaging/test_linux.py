"""Which libraries and fonts are missing, and the packages and commands that bring them."""

import pytest

import linux

LDD = """\
/venv/Qt/lib/libQt6Gui.so.6:
\tlinux-vdso.so.1 (0x00007ffd)
\tlibEGL.so.1 => not found
\tlibGL.so.1 => /lib/libGL.so.1 (0x00007f00)
/venv/Qt/plugins/platforms/libqoffscreen.so:
\tlibfontconfig.so.1 => not found
\tlibEGL.so.1 => not found
/venv/Qt/plugins/platforms/libqxcb.so:
\tlibEGL.so.1 => not found
\tlibxcb-cursor.so.0 => not found
\tlibxcb-render-util.so.0 => not found
/venv/Qt/plugins/platforms/libqwayland.so:
\tlibwayland-cursor.so.0 => not found
"""


def test_missing_libraries_are_told_apart_by_what_needs_them():
    vital, windowing = linux.missing_libraries(LDD)
    assert vital == ["libEGL.so.1", "libfontconfig.so.1"]
    assert windowing == ["libwayland-cursor.so.0", "libxcb-cursor.so.0", "libxcb-render-util.so.0"]


def test_nothing_missing_is_nothing_to_do():
    assert linux.missing_libraries("a:\n\tlibGL.so.1 => /lib/libGL.so.1 (0x0)\n") == ([], [])
    assert not linux.Missing()


@pytest.mark.parametrize(
    ("manager", "expected"),
    [
        ("apt-get", ["libegl1", "libxcb-cursor0", "fonts-noto-cjk", "fontconfig"]),
        ("pacman", ["libglvnd", "xcb-util-cursor", "noto-fonts-cjk", "fontconfig"]),
        (
            "dnf",
            [
                "libEGL.so.1()(64bit)",
                "libGL.so.1()(64bit)",
                "libxcb-cursor.so.0()(64bit)",
                "font(:lang=zh-cn)",
                "fontconfig",
            ],
        ),
    ],
)
def test_missing_libraries_and_fonts_become_packages(manager, expected):
    libraries = ["libEGL.so.1", "libGL.so.1"] if manager != "apt-get" else ["libEGL.so.1"]
    missing = linux.Missing(libraries, ["libxcb-cursor.so.0"], [linux.CHINESE])
    assert linux.packages(missing, manager) == expected


def test_the_table_covers_what_qt_asks_debian_for():
    known = {debian for debian, _ in linux.LIBRARIES.values()}
    assert known >= {
        "libegl1", "libgl1", "libxkbcommon0", "libxkbcommon-x11-0", "libdbus-1-3", "libfontconfig1",
        "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0",
        "libxcb-render-util0", "libxcb-render0", "libxcb-shape0", "libxcb-sync1",
        "libxcb-xfixes0", "libxcb-xinerama0", "libxcb-xkb1", "libglib2.0-0",
    }  # fmt: skip


def test_a_person_without_root_gets_a_command_to_paste():
    assert linux.command(["libegl1"], "apt-get", root=False) == (
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1"
    )
    assert (
        linux.command(["libegl1"], "pacman", root=True) == "pacman -S --needed --noconfirm libegl1"
    )
    assert linux.command(["libEGL.so.1()(64bit)"], "dnf", root=False) == (
        "sudo dnf install -y 'libEGL.so.1()(64bit)'"
    )


def test_a_library_that_no_table_knows_is_still_named(monkeypatch):
    monkeypatch.setattr(linux, "package_manager", lambda: "apt-get")
    monkeypatch.setattr(linux, "is_root", lambda: False)
    advice = linux.advice(linux.Missing(["libEGL.so.1", "libnew.so.9"]))
    assert "libegl1" in advice
    assert "libnew.so.9" in advice


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        (["apt-get", "dnf"], "apt-get"),
        (["pacman"], "pacman"),
        ([], None),
    ],
)
def test_the_package_manager_is_the_one_installed(present, expected):
    assert linux.package_manager(lambda name: name if name in present else None) == expected


@pytest.mark.parametrize(
    ("listing", "generous", "expected"),
    [
        ("Inter,Inter Medium\ten|fr\nNoto Sans CJK SC\ten|zh-cn\n", True, []),
        ("DejaVu Sans\ten\nWenQuanYi Micro Hei\tzh-cn|zh-tw\n", False, []),
        ("DejaVu Sans\ten\nWenQuanYi Micro Hei\tzh-cn|zh-tw\n", True, ["LATIN"]),
        ("Noto Sans CJK SC\ten|zh-cn\n", False, ["LATIN"]),
        ("Inter\ten\nSome Taiwanese\tzh-tw\n", False, ["CHINESE"]),
        ("", False, ["CHINESE", "LATIN"]),
    ],
)
def test_fonts_are_missing_by_language_and_by_name(listing, generous, expected):
    found = linux.missing_fonts(listing, generous=generous)
    assert found == [getattr(linux, name) for name in expected]


@pytest.mark.parametrize(("generous", "expected"), [(False, 0), (True, 2)])
def test_without_a_font_list_only_root_installs_fonts(tmp_path, monkeypatch, generous, expected):
    monkeypatch.setattr(linux, "_ask", lambda tool, *_: LDD if tool == "ldd" else None)
    missing = linux.look(tmp_path, generous=generous)
    assert missing.vital == ["libEGL.so.1", "libfontconfig.so.1"]
    assert len(missing.fonts) == expected
