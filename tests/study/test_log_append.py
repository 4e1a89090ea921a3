"""Two writers, kills, full disks: what was acknowledged is there, what was not counts whole or not."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
import warnings
from functools import partial

import pytest

from quidqual.study.errors import QuidqualError
from quidqual.study.log import coding_id, parse_log, replay
from quidqual.study.log_append import append, log_lock


def add(number, *, interview="P1-R1", words="She", coder="A"):
    return {
        "op": "add", "id": coding_id(coder, interview, 0, len(words), "work", number), "at": "",
        "coder": coder, "interview": interview, "start": 0, "end": len(words), "exact": words,
        "code": "work",
    }  # fmt: skip


def standing(folder, coder="A"):
    data = (folder / f"codings/{coder}.jsonl").read_bytes()
    entries, problems = parse_log(data, file="A")
    replayed = replay(entries, file="A", coder=coder)
    return {c["id"] for c in replayed.codings}, [*problems, *replayed.problems]


def forked(work):
    """Run work(acknowledge) in a child; give its process and the end of the pipe to read from."""
    inward, outward = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a fork beside threads of libraries
        child = os.fork()
    if child:
        os.close(outward)
        return child, inward
    try:
        work(lambda number: os.write(outward, f"{number}\n".encode()))
    finally:
        os._exit(0)


def acknowledged(pipe):
    with os.fdopen(pipe, "rb") as stream:
        return {int(line) for line in stream.read().split(b"\n")[:-1]}


@pytest.mark.parametrize(
    ("total", "size", "letters"), [(25_000, 500, 3), (600, 1, 3), (2_500, 250, 2000)]
)
def test_two_writers_lose_nothing(tmp_path, total, size, letters):
    words = "w" * letters

    def work(first):
        def write(_):
            for at in range(first, first + total, size):
                append(tmp_path, "A", [add(n, words=words) for n in range(at, at + size)])

        return write

    children = [forked(work(first)) for first in (0, total)]
    seen = 0
    for _ in range(20):  # a reader needs no lock: it sees whole batches, and never fewer
        time.sleep(0.01)
        if (tmp_path / "codings/A.jsonl").exists():
            there, problems = standing(tmp_path)
            assert {problem.level for problem in problems} <= {"warning"}
            assert len(there) % size == 0
            assert len(there) >= seen
            seen = len(there)
    for child, pipe in children:
        assert os.waitpid(child, 0)[1] == 0
        os.close(pipe)
    there, problems = standing(tmp_path)
    assert problems == []
    assert there == {add(n, words=words)["id"] for n in range(2 * total)}


@pytest.mark.parametrize("writers", [1, 2])
def test_200_kills_lose_no_acknowledged_coding(tmp_path, writers):
    rng = random.Random(writers)
    done: set[int] = set()
    for kill in range(100):

        def work(acknowledge, first):
            for at in range(first, first + 3_000, 3):
                append(tmp_path, "A", [add(n, words="w" * 900) for n in range(at, at + 3)])
                acknowledge(at)

        firsts = [(kill * 2 + n) * 10_000 for n in range(writers)]
        children = [forked(partial(work, first=first)) for first in firsts]
        # A busy machine acknowledges little in so short a time: then it is given longer.
        time.sleep(rng.uniform(0.002, 0.03 if len(done) > kill / 4 else 0.4))
        for child, _ in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        for _, pipe in children:
            done |= acknowledged(pipe)
    assert len(done) > 20
    append(tmp_path, "A", [add(-1)])
    there, problems = standing(tmp_path)
    assert problems == []
    for at in done:  # whole batches of three
        assert {add(n, words="w" * 900)["id"] for n in range(at, at + 3)} <= there
    assert len(there) % 3 == 1


@pytest.mark.parametrize("cut", range(1, 700, 9))
def test_a_batch_that_broke_off_anywhere_counts_as_not_written(tmp_path, cut):
    append(tmp_path, "A", [add(0)])
    log = tmp_path / "codings/A.jsonl"
    before = log.read_bytes()
    append(tmp_path, "A", [add(n) for n in (1, 2, 3)])
    whole = log.read_bytes()
    torn = whole[: max(len(before) + 1, len(whole) - cut)]
    log.write_bytes(torn)
    there, problems = standing(tmp_path)
    assert there in ({add(0)["id"]}, {add(n)["id"] for n in range(4)})
    assert all(problem.level == "warning" for problem in problems)
    append(tmp_path, "A", [add(n) for n in (1, 2, 3)])  # tried again
    append(tmp_path, "A", [add(4)])
    assert log.read_bytes().startswith(torn)
    assert standing(tmp_path) == ({add(n)["id"] for n in range(5)}, [])


@pytest.mark.parametrize("fails", ["write", "fsync"])
def test_a_full_disk_leaves_the_log_as_it_was_and_a_retry_is_fine(tmp_path, monkeypatch, fails):
    append(tmp_path, "A", [add(0)])
    log = tmp_path / "codings/A.jsonl"
    before = log.read_bytes()
    real = os.write

    def write(stream, data):
        if bytes(data[:1]) == b"{" and b'"id"' in bytes(data[:90]):
            raise_at = bytes(data).index(b"\n") + 20
            if len(data) > raise_at:
                return real(stream, data[:raise_at])
        raise OSError(28, "No space left on device")

    def fsync(stream):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(f"quidqual.study.log_append.os.{fails}", write if fails == "write" else fsync)
        with pytest.raises(QuidqualError, match=r"codings/A\.jsonl.*No space left.*as it was"):
            append(tmp_path, "A", [add(1), add(2), add(3)])
    assert log.read_bytes() == before
    append(tmp_path, "A", [add(1), add(2), add(3)])
    assert standing(tmp_path) == ({add(n)["id"] for n in range(4)}, [])


def test_the_lock_says_who_holds_it_and_is_never_stale(tmp_path):
    held, go = os.pipe()

    def work(acknowledge):
        with log_lock(tmp_path, "A"):
            acknowledge(1)
            os.read(held, 1)  # until it is killed

    child, pipe = forked(work)
    assert os.read(pipe, 2) == b"1\n"
    said = rf"another program .*process {child} on"
    with (
        pytest.raises(QuidqualError, match=said) as refused,
        log_lock(tmp_path, "A", timeout=0.1),
    ):
        pass
    assert refused.value.problems[0].file == "codings/A.jsonl"
    assert json.loads((tmp_path / "codings/.A.holder.json").read_text("utf-8"))["coder"] == "A"
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    append(tmp_path, "A", [add(1)])
    assert not (tmp_path / "codings/.A.holder.json").exists()
    for descriptor in (held, go, pipe):
        os.close(descriptor)


def test_whoever_holds_the_lock_may_append_and_threads_take_turns(tmp_path):
    def work(first):
        for n in range(first, first + 50):
            append(tmp_path, "A", [add(n)])

    with log_lock(tmp_path, "A") as path:
        append(tmp_path, "A", [add(1000)])
        thread = threading.Thread(target=work, args=(0,))
        thread.start()
        time.sleep(0.05)
        assert path.read_bytes().count(b"\n") == 1
    work(50)
    thread.join()
    assert len(standing(tmp_path)[0]) == 101


def test_coders_that_are_one_file_on_some_disks(tmp_path):
    append(tmp_path, "Anna", [add(1, coder="Anna")])
    with pytest.raises(QuidqualError, match=r"log of 'Anna'.*same file"):
        append(tmp_path, "anna", [add(1, coder="anna")])


def test_a_log_that_was_named_by_hand_is_gone_on_with(tmp_path):
    log = tmp_path / "codings/Èva.jsonl"
    log.parent.mkdir()
    log.write_bytes(b"")
    append(tmp_path, "Èva", [add(1, coder="Èva")])
    assert [p.name for p in log.parent.glob("*.jsonl")] == ["Èva.jsonl"]


@pytest.mark.parametrize("coder", ["", " ", "\ud800", " A", "x" * 300, "é" * 60, "\0"])
def test_a_coder_who_cannot_be_written_is_refused(tmp_path, coder):
    with pytest.raises(QuidqualError):
        append(tmp_path, coder, [add(1, coder=coder)])
    assert not list(tmp_path.rglob("*.jsonl"))
