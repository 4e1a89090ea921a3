"""What a killed process leaves is cleared by the next one that writes there, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from quidqual.study.files import clear, part_beside, private_folder, private_temporary, write_atomic

KILLED = """
import os, signal, sys
from pathlib import Path
die = lambda *a: os.kill(os.getpid(), signal.SIGKILL)
place = Path(sys.argv[1])
{what}
"""
WRITING = "os.replace = die\nfrom quidqual.study.files import write_atomic\nwrite_atomic(place / 'P1-R1.md', 'Words.')"
SAVING = """
from quidqual.study import save
import quidqual as qq
save._write_into = lambda study, folder, files: (
    (folder / 'note.md').write_text('Words.'), die())
qq.load_example('small').save(place / 'study')
"""
SCRATCH = """
from quidqual.study.files import private_temporary
with private_temporary(place) as folder:
    (folder / 'sheet.xml').write_text('Words.')
    die()
"""

needs_posix = pytest.mark.skipif(os.name != "posix", reason="processes are told by their number")


def killed(what, place):
    code = KILLED.format(what=what)
    ran = subprocess.run([sys.executable, "-c", code, str(place)], env=os.environ | {"TMPDIR": str(place)})  # fmt: skip
    assert ran.returncode == -9


@needs_posix
@pytest.mark.parametrize("what", [WRITING, SAVING, SCRATCH], ids=["file", "study", "scratch"])
def test_what_a_killed_process_leaves_is_cleared_by_the_next(tmp_path, monkeypatch, what):
    killed(what, tmp_path)
    (left,) = tmp_path.iterdir()
    assert left.name.endswith(".quidqual-part")
    if what is SCRATCH:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        with private_temporary(tmp_path):
            pass
        assert list(tmp_path.iterdir()) == []
    else:
        write_atomic(tmp_path / "P2-R1.md", "More.")
        assert [path.name for path in tmp_path.iterdir()] == ["P2-R1.md"]
        killed(WRITING, tmp_path)  # and again, though this process has looked before
        write_atomic(tmp_path / "P2-R1.md", "Other.")
        assert [path.name for path in tmp_path.iterdir()] == ["P2-R1.md"]


@needs_posix
def test_nothing_of_anyone_else_is_cleared(tmp_path):
    own = part_beside(tmp_path / "note.md")
    own.write_text("of a process that runs")
    host, _, end = own.name.split(".")[-2].split("-")
    others = [
        f".note.md.{host}-1-{end}.quidqual-part",  # process 1 always runs
        f".note.md.00000000-999999-{end}.quidqual-part",  # of another machine, and young
        f".note.md.{host}-999999-{end}.part",
        f".note.md.{host}-x-{end}.quidqual-part",
        "mine.quidqual-part",
        ".~lock.note.md#",
    ]
    for name in others:
        (tmp_path / name).write_text("mine")
    assert clear(tmp_path) == []
    day_before = tmp_path / others[1]
    os.utime(day_before, (0, 0))
    assert clear(tmp_path) == [others[1]]
    assert clear(tmp_path / "nowhere") == []


@needs_posix
def test_a_link_under_such_a_name_is_left_alone(tmp_path):
    own = part_beside(tmp_path / "note.md").name
    precious = tmp_path / "precious"
    precious.mkdir()
    link = tmp_path / own.replace(f"-{os.getpid()}-", "-999999999-")
    link.symlink_to(precious)
    clear(tmp_path)
    assert link.is_symlink()
    assert precious.is_dir()


def test_temporary_folders_are_for_the_user_alone_and_go_on_error(tmp_path):
    def fail():
        with private_folder(tmp_path) as folder:
            assert folder.stat().st_mode & 0o777 == 0o700 or os.name != "posix"
            Path(folder, "sheet.xml").write_text("Words.")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []
