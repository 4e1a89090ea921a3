"""Writing: whole or not at all, and never over what is not ours to replace."""

import errno
import os
import signal
import stat
import subprocess
import sys

import pandas as pd
import pytest

from quidqual.examples import load_example
from quidqual.interchange.convert import write
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path, private_temporary, write_atomic
from quidqual.study.release_gate import write_result
from quidqual.study.write_table import write_table


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


def no_room(*args, **kwargs):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("kind", ["table", "sheet", "project", "study", "report"])
@pytest.mark.parametrize("fault", ["full", "no folder"])
def test_what_the_disk_refuses_is_an_error_that_names_the_file(tmp_path, monkeypatch, kind, fault):
    """It was an OSError of the system for all but the log, and in the notebook a traceback."""
    study = load_example()
    place = tmp_path / "there"
    place.mkdir()
    if fault == "no folder":
        place = place / "file"
        place.write_text("no folder")
    writers = {
        "table": lambda: write_table(pd.DataFrame({"k": [1]}), place / "out.csv"),
        "sheet": lambda: write_table(pd.DataFrame({"k": [1]}), place / "out.xlsx"),
        "project": lambda: write(study, place / "out.qdpx"),
        "study": lambda: study.save(place / "out"),
        "report": lambda: write(study, place / "out.md"),
    }
    if fault == "full":
        monkeypatch.setattr("os.fsync", no_room)
    told = "could not be written .* as it was" if fault == "full" else "^file: a folder is needed"
    with pytest.raises(QuidqualError, match=told) as caught:
        writers[kind]()
    assert isinstance(caught.value, OSError)  # whoever waits for one of the system still gets it
    if fault == "full":
        assert list(place.iterdir()) == []
