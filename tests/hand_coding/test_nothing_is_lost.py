"""Killed, full disk, two writers, two people in one repository: what was acknowledged stands."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
import warnings

import pytest

import quidqual as qq
from quidqual.hand_coding.carried import PENDING
from quidqual.study import log_append
from tests.hand_coding.session_study import make_folder, session

TRIALS = 200


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "study")


def work_until_killed(folder, pipe, seed):
    """Code, rename and mend for ever; each step is told to the pipe once it is acknowledged."""
    rng = random.Random(seed)
    with session(folder) as c:
        os.write(pipe, b"open it\n")
        while True:
            text = c.text("P1-R1")
            a, b = sorted(rng.sample(range(len(text)), 2))
            code = next(code for code in c.study.codebook.ids if code.startswith("trust"))
            try:
                key = c.add("P1-R1", start=a, end=b, code=code, memo="m")
                os.write(pipe, f"add {key}\n".encode())
                if rng.random() < 0.4:
                    c.codes.rename(code, f"trust{c._stack._last}")
                    os.write(pipe, f"code trust{c._stack._last - 1}\n".encode())
                elif rng.random() < 0.2:
                    c.undo()
                    os.write(pipe, f"gone {key}\n".encode())
            except qq.QuidqualError:
                continue


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_kill_at_any_moment_loses_nothing_that_was_acknowledged(folder):
    standing, code, acks, cut_off = set(), "trust", 0, 0
    for trial in range(TRIALS):
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            child = os.fork()
        if child == 0:
            try:
                os.close(reading)
                work_until_killed(folder, writing, trial)
            finally:
                os._exit(1)
        os.close(writing)
        assert os.read(reading, 8) == b"open it\n"
        # on a busy machine a moment is longer, so that steps are acknowledged at all
        time.sleep(random.Random(trial).uniform(0, 0.08 if acks >= 1.2 * trial else 0.4))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told = b""
        while piece := os.read(reading, 65_536):
            told += piece
        os.close(reading)
        maybe = None
        for line in told.decode().splitlines():
            what, name = line.split()
            acks += 1
            if what == "code":
                code = name
            elif what == "add":
                standing.add(name)
                maybe = name
            else:
                standing.discard(name)
                maybe = None
        cut_off += (folder / PENDING).is_file()
        with session(folder) as c:  # finishes what was cut off
            study = c.study
            now = {k for k, v in c.state.standing.items() if v["memo"] == "m"}
            # the last step may have been written and not acknowledged any more
            assert standing - now <= {maybe}, f"trial {trial}"
            assert len(now - standing) <= 1, f"trial {trial}"
            standing = now
            named = [name for name in study.codebook.ids if name.startswith("trust")]
            assert len(named) == 1, f"trial {trial}"
            assert code == "trust" or int(named[0][5:]) >= int(code[5:]), f"trial {trial}"
            code = named[0]
            theirs = study.codings[study.codings["coder"] == "B"]
            assert theirs["code"].tolist() == [code, code], f"trial {trial}"
        for log in (folder / "codings").glob("*.jsonl"):
            assert log.read_bytes().endswith(b"\n") or not log.stat().st_size
    assert acks > TRIALS
    print(f"{acks} acknowledged steps, {cut_off} steps cut off and finished")


def test_a_step_that_is_cut_off_anywhere_is_finished(folder, monkeypatch):
    """Stop after each write of a step, in turn: the next session finds it whole."""
    from quidqual.hand_coding import carried

    whole = ["append", "write_atomic", "write_inside", "append_lines"]
    for stop in range(6):
        calls = 0

        def counted(real, stop=stop):
            def call(*args, **kwargs):
                nonlocal calls
                if calls == stop:
                    raise KeyboardInterrupt
                calls += 1
                return real(*args, **kwargs)

            return call

        with monkeypatch.context() as patch:
            for name in whole:
                patch.setattr(carried, name, counted(getattr(carried, name)))
            old = qq.open_study(folder).codebook.ids[1]
            with session(folder) as c, pytest.raises(KeyboardInterrupt):
                c.codes.rename(old, f"named{stop}")
        if stop:
            with pytest.raises(
                qq.QuidqualError, match=r"unfinished-step\.json.*quidqual codebook finish"
            ):
                qq.open_study(folder)
        with session(folder) as c:
            assert c.study.codebook.ids[1] == (f"named{stop}" if stop else old)
            assert (c.study.codings["code"] == c.study.codebook.ids[1]).sum() == 3
    assert qq.hand_coding.codebook_history(folder)["op"].tolist() == ["rename"] * 5


def test_a_full_disk_leaves_the_log_as_it_was_and_says_so(folder, monkeypatch):
    path = folder / "codings" / "A.jsonl"
    before = path.read_bytes()

    def full(stream, data):
        os.pwrite(stream, bytes(data[:7]), os.fstat(stream).st_size)  # half a line gets through
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with session(folder) as c:
        n = len(c.codings)
        with monkeypatch.context() as patch:
            patch.setattr(log_append.os, "write", full)
            with pytest.raises(qq.QuidqualError, match=r"could not be written .*No space"):
                c.add("P1-R1", words="She said", code="trust")
        assert path.read_bytes() == before
        assert len(c.codings) == n, "what was not written is not shown"
        c.add("P1-R1", words="She said", code="trust")
    assert len(qq.validate(folder)) == 0


def test_a_full_disk_before_a_codebook_step_changes_nothing(folder, monkeypatch):
    from quidqual.hand_coding import carried

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with session(folder) as c:
        with monkeypatch.context() as patch:
            patch.setattr(carried, "write_atomic", full)
            with pytest.raises(OSError, match="No space"):
                c.codes.rename("trust", "reliance")
        assert "trust" in c.study.codebook
        c.codes.rename("trust", "reliance")
    assert len(qq.validate(folder)) == 0


def test_a_second_writer_is_told_who_holds_the_log(folder):
    code = (
        "import sys, time; import quidqual as qq\n"
        f"c = qq.coding_session({str(folder)!r}, coder='A'); print('held', flush=True)\n"
        "time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(qq.QuidqualError, match=f"process {other.pid} on "):
            session(folder)
        with session(folder, coder="B") as c:  # another log is free
            c.read("P1-R1")
            assert c.codes.rename("trust", "reliance") == 3  # and A's codings go along
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    with session(folder) as c:  # the lock of a dead program is no lock
        assert "reliance" in set(c.codings["code"])


def test_a_session_sees_what_another_program_did_to_its_log_and_codebook(folder):
    from quidqual.study.log_append import append

    with session(folder, coder="A") as a, session(folder, coder="B") as b:
        assert len(a.codings) == 3
        b.codes.rename("trust", "reliance")
        assert "reliance" in set(a.codings["code"])
        with pytest.raises(qq.QuidqualError, match="'trust' is not a code"):
            a.add("P1-R1", words="She said", code="trust")
        key = a.add("P1-R1", words="She said", code="reliance")
        line = {k: v for k, v in a.coding(key).items() if v not in ("", None)}
        append(
            folder,
            "A",
            [{**line, "op": "add", "id": "foreign", "start": 0, "end": 3, "exact": "She"}],
        )
        assert "foreign" in a.state.standing
        assert a.undo() == "add"
        assert set(a.state.standing) >= {"foreign"}
        assert key not in a.state.standing


def test_cells_and_widgets_may_write_from_different_threads(folder):
    from threading import Thread

    with session(folder) as c:
        text = c.text("P1-R1")
        faults = []

        def work(first):
            for i in range(first, 40, 4):
                try:
                    c.add("P1-R1", start=i, end=i + 3, code=("trust", "distrust")[i % 2])
                except Exception as error:
                    faults.append(error)

        threads = [Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        assert len({c.coding(k)["start"] for k in c.state.standing}) > 20, text
    assert len(qq.open_study(folder).codings) == 45


def test_one_program_opens_a_log_once(folder):
    with session(folder), pytest.raises(qq.QuidqualError, match="open in this program already"):
        session(folder)
    session(folder).close()


def git(folder, *words):
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_logs_of_two_coders_merge_in_git_without_conflict(folder, tmp_path):
    git(folder, "init", "-q", "-b", "main")
    (folder / ".gitignore").write_text("codings/.*\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "start")
    git(tmp_path, "clone", "-q", str(folder), str(tmp_path / "other"))
    with session(folder, coder="A") as c:
        mine = c.add("P1-R1", words="She said", code="trust")
        c.read("P1-R1")
        c.memo("mine", note="P1-R1")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "coder A")
    with session(tmp_path / "other", coder="B") as c:
        theirs = c.add("P1-R1", words="She said", code="distrust")
        c.remove(sorted(c.state.standing.keys() - {theirs})[0])
        c.memo("theirs", note="P1-R1")
    git(tmp_path / "other", "add", "-A")
    git(tmp_path / "other", "commit", "-qm", "coder B")
    git(folder, "pull", "-q", "--no-rebase", "--no-edit", str(tmp_path / "other"), "main")
    assert git(folder, "status", "--porcelain") == ""
    study = qq.open_study(folder)
    assert {mine, theirs} <= set(study.codings["id"])
    assert study.codings.groupby("coder").size().to_dict() == {"A": 4, "B": 2}
    assert study.notes_read("A") == {"P1-R1"}
    with session(folder, coder="B") as c:
        assert c.memos["P1-R1"] == "theirs"
        assert (c.undo(), c.undo(), c.undo()) == ("memo", "remove", "add")
    assert qq.open_study(folder).codings.groupby("coder").size().to_dict() == {"A": 4, "B": 2}
