"""Writing: whole or not at all, and never over what is not ours to replace."""

import os
import signal
import stat
import subprocess
import sys

import pytest

from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path, private_temporary, write_atomic
from quidqual.study.release_gate import write_result


def test_the_same_bytes_are_not_written_again(tmp_path):
    path = tmp_path / "deep/er/a.txt"
    assert write_atomic(path, "è\n") is True
    before = path.stat().st_ino
    assert write_atomic(path, "è\n".encode()) is False
    assert path.stat().st_ino == before


def test_a_failed_write_leaves_the_file_and_no_rest(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    write_atomic(path, "old")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_atomic(path, "new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_text("utf-8") == "old"


def test_another_file_stays_unless_it_may_be_replaced(tmp_path):
    path = tmp_path / "a.csv"
    assert write_result(path, "a", replace=False, of="") is True
    assert write_result(path, "a", replace=False, of="") is False
    with pytest.raises(
        QuidqualError, match=r"a\.csv: another file of this name is there"
    ) as refused:
        write_result(path, "b", replace=False, of="")
    assert "--replace" in str(refused.value)
    assert path.read_text("utf-8") == "a"
    assert write_result(path, "b", replace=True, of="") is True
    assert path.read_text("utf-8") == "b"
    with pytest.raises(QuidqualError, match="is a folder"):
        write_result(tmp_path, "b", replace=True, of="")


def test_what_is_no_path_is_told():
    with pytest.raises(QuidqualError, match="a path is wanted, not int"):
        as_path(3)


def test_what_a_library_wrote_aside_lies_beside_the_target_and_goes(tmp_path):
    import tempfile

    before = tempfile.gettempdir()
    target = tmp_path / "private"
    with private_temporary(target) as folder:
        assert folder.parent == target
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert tempfile.gettempdir() == str(folder)
    assert tempfile.gettempdir() == before
    assert list(target.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_process_that_is_told_to_end_leaves_nothing(tmp_path, name):
    code = (
        "import os, sys, time, tempfile\n"
        "from pathlib import Path\n"
        "from quidqual.study.files import private_temporary\n"
        f"with private_temporary(Path({str(tmp_path)!r})) as folder:\n"
        "    Path(tempfile.mkdtemp(), 'note.txt').write_text('words of a note')\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    running = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert running.stdout.readline() == b"ready\n"
    assert len(list(tmp_path.rglob("note.txt"))) == 1
    running.send_signal(getattr(signal, name))
    assert running.wait(timeout=30) == -getattr(signal, name)
    running.stdout.close()
    assert list(tmp_path.iterdir()) == []
