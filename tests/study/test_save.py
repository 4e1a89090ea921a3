"""Saving: whole or known to be half, nothing lost, logs only ever appended to."""

from __future__ import annotations

import os
import signal

import pytest

import quidqual as qq
from quidqual.study import save


def rebuilt(study, **changed):
    raw = study.raw
    given = {
        "participants": raw.participants, "interviews": raw.interviews, "notes": raw.notes,
        "codebook": study.codebook, "codings": raw.codings, "reads": raw.reads,
    }  # fmt: skip
    head = {
        "title": study.title,
        "corpus": study.corpus,
        "rounds": study.rounds.drop(columns="corpus"),
    }
    return qq.Study.from_tables(**head, settings=raw.settings, **{**given, **changed})


def content(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def files_of(folder):
    return {name: data for name, data in content(folder).items() if "/." not in name}


@pytest.mark.parametrize("at", range(8))
@pytest.mark.parametrize("dies", [False, True])
def test_a_new_folder_is_whole_or_not_there(small, tmp_path, monkeypatch, at, dies):
    study = qq.open_study(small)
    target = tmp_path / "new"
    calls = []

    def write(path, data, real=save.write_atomic):
        calls.append(path)
        if len(calls) > at:
            if dies:
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError("disk full")
        return real(path, data)

    monkeypatch.setattr(save, "write_atomic", write)
    if dies:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if not child:
            try:
                study.save(target)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
    else:
        with pytest.raises(OSError, match="disk full"):
            study.save(target)
        assert not [p for p in tmp_path.iterdir() if p.name.endswith(".saving")]
    assert not target.exists()
    monkeypatch.undo()
    assert qq.open_study(study.save(target)) == study


@pytest.mark.parametrize("at", range(1, 6))
def test_half_a_save_into_a_folder_is_recognised_and_mended(small, monkeypatch, at):
    study = qq.open_study(small)
    other = rebuilt(study, notes={**study.raw.notes, "P1-R1": "Other."}, codings=None)
    calls = []

    def write(path, data, real=save.write_atomic):
        calls.append(path)
        if len(calls) > at:
            raise OSError("disk full")
        return real(path, data)

    monkeypatch.setattr(save, "write_atomic", write)
    with pytest.raises(OSError, match="disk full"):
        other.save(small, replace=True)
    monkeypatch.undo()
    with pytest.raises(qq.QuidqualError, match=r"\.saving: .*broken off.*replace=True"):
        qq.open_study(small)
    other.save(small, replace=True)
    assert qq.open_study(small) == other


def test_saving_into_its_own_folder_changes_no_byte(small):
    qq.open_study(small).save(small.parent / "copy")
    before = content(small.parent / "copy")
    study = qq.open_study(small.parent / "copy")
    study.save(study.folder)
    study.save(study.folder, replace=True)
    assert files_of(study.folder) == before


def test_replacing_appends_to_the_logs(small):
    (small / "more.txt").write_text("mine", "utf-8")
    study = qq.open_study(small)
    history = (small / "codings/A.jsonl").read_bytes()
    codings = study.raw.codings.iloc[:1].assign(code="trust", memo="changed")
    fresh = study.raw.codings.iloc[1:].assign(id="c9", coder="B")
    import pandas as pd

    changed = rebuilt(
        study,
        codings=pd.concat([codings, fresh]),
        reads=[{"coder": "A", "interview": "P1-R1"}],
    )
    with pytest.raises(qq.QuidqualError, match="or allow it with replace=True"):
        changed.save(small)
    changed.save(small, replace=True)
    again = qq.open_study(small)
    assert again == changed
    assert (small / "codings/A.jsonl").read_bytes().startswith(history)
    assert (small / "more.txt").read_text("utf-8") == "mine"
    study.save(small, replace=True)
    assert qq.open_study(small) == study
    assert len(qq.open_study(small).codings) == 2
