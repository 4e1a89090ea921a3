"""Writing: whole or not at all, and never over what is not ours to replace."""

import pytest

from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path, write_atomic
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
