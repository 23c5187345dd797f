"""scripts/refgraph sets itself up once, and heals a set-up that was killed.

A fake Python stands in for venv and pip.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TOOLS = [
    "cat",
    "cksum",
    "tr",
    "dirname",
    "sh",
    "readlink",
    "mkdir",
    "rm",
    "mv",
    "sleep",
    "tail",
    "env",
    "kill",
]
FAKE_PYTHON = """#!/bin/sh
# -c: the version check. -m venv FOLDER: a fake environment. -m pip: installs the program.
echo "$*" >>"$CALLS"
case "$*" in
    -c*) exit 0 ;;
    "-m venv "*)
        mkdir -p "$3/bin"
        cat "$0" >"$3/bin/python"
        [ "$DIE" = venv ] && kill -9 $PPID && exit 1
        chmod +x "$3/bin/python" ;;
    "-m pip "*)
        [ "$DIE" = pip ] && kill -9 $PPID && exit 1
        folder=$(dirname "$0")
        printf '#!/bin/sh\\necho program "$@"\\n' >"$folder/refgraph"
        chmod +x "$folder/refgraph" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with its scripts alone, and a folder of tools."""
    shutil.copytree(ROOT / "scripts", tmp_path / "tree" / "scripts")
    for name in ("setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / "tree")
    (tmp_path / "bin").mkdir()
    for tool in (*TOOLS, "chmod"):
        path = shutil.which(tool)
        if path:
            os.symlink(path, tmp_path / "bin" / tool)
    return tmp_path / "tree"


def put_python(checkout: Path, text: str) -> None:
    """The only Python on the path."""
    path = checkout.parent / "bin" / "python3"
    path.write_text(text)
    path.chmod(0o755)


def call_script(
    checkout: Path, program: str = "scripts/refgraph", die: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a script with nothing but the tools of the test on the path."""
    bin_folder = checkout.parent / "bin"
    environment = {"PATH": str(bin_folder), "CALLS": str(checkout.parent / "calls"), "DIE": die}
    return subprocess.run(
        [program, "hello"],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def count_calls(checkout: Path, start: str) -> int:
    """How often the fake Python was called with words that begin so."""
    lines = (checkout.parent / "calls").read_text().splitlines()
    return sum(line.startswith(start) for line in lines)


def test_script_with_old_python_prints_one_sentence_and_installs_nothing(checkout: Path) -> None:
    put_python(
        checkout, '#!/bin/sh\ncase "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac\n'
    )
    done = call_script(checkout)
    assert done.returncode == 3
    assert "Python 3.11 or newer; found: Python 3.9.2" in done.stderr
    assert not (checkout / ".venv").exists()


def test_script_called_again_installs_nothing(checkout: Path) -> None:
    put_python(checkout, FAKE_PYTHON)
    assert [call_script(checkout).stdout for _ in range(2)] == ["program hello\n"] * 2
    assert count_calls(checkout, "-m pip") == 1
    assert not (checkout / ".venv.lock").exists()


@pytest.mark.parametrize("step", ["venv", "pip"])
def test_script_killed_during_setup_finishes_it_on_the_next_call(checkout: Path, step: str) -> None:
    put_python(checkout, FAKE_PYTHON)
    assert call_script(checkout, die=step).returncode == -signal.SIGKILL
    done = call_script(checkout)
    assert (done.returncode, done.stdout) == (0, "program hello\n")
    assert count_calls(checkout, "-m venv") == 2


def test_script_with_broken_environment_makes_it_again(checkout: Path) -> None:
    put_python(checkout, FAKE_PYTHON)
    call_script(checkout)
    (checkout / ".venv" / "bin" / "python").unlink()
    assert call_script(checkout).stdout == "program hello\n"


def test_script_called_through_a_link_works(checkout: Path) -> None:
    put_python(checkout, FAKE_PYTHON)
    (checkout.parent / "elsewhere").mkdir()
    link = checkout.parent / "elsewhere" / "refgraph"
    link.symlink_to(Path("..") / "tree" / "scripts" / "refgraph")
    assert call_script(checkout, str(link)).stdout == "program hello\n"


def test_script_in_read_only_checkout_prints_one_sentence(checkout: Path) -> None:
    put_python(checkout, FAKE_PYTHON)
    (checkout.parent / "bin" / "mkdir").unlink()
    (checkout.parent / "bin" / "mkdir").write_text("#!/bin/sh\nexit 1\n")
    (checkout.parent / "bin" / "mkdir").chmod(0o755)
    done = call_script(checkout)
    assert done.returncode == 5
    assert "read-only" in done.stderr
