"""Nothing that was acknowledged is lost: closed tab, two tabs, full disk, two kernels."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys

import pytest

import quidqual as qq
from quidqual.study import log_append
from quidqual.widget.coding_surface import CodingSurface
from tests.hand_coding.session_study import session
from tests.widget.test_in_a_browser import drag, opened, passages, settled

pytestmark = pytest.mark.browser
SURFACE = "document.querySelector('.qq-annotate').qqSurface"


def test_a_tab_that_is_closed_at_once_loses_no_acknowledged_coding(show, folder):
    acknowledged = []
    for number, words in enumerate(("She came late.", "Perché no?", "nobody 🙂", "She said")):
        with session(folder) as c:
            page = opened(show(CodingSurface(c)))
            drag(page, words)
            page.click("[data-give=work]")
            page.wait_for_function(
                "document.querySelector('.qq-status').textContent.startsWith('Coded')"
            )
            page.close()  # at the moment of the answer
        # and the kernel is gone as well: only the disk is left
        acknowledged.append(("P1-R1", words, "work"))
        assert set(acknowledged) <= set(passages(folder)), number
    with session(folder) as c:
        page = opened(show(CodingSurface(c)))
        for _, words, _ in acknowledged:
            page.wait_for_function(
                f"[...{SURFACE}.codings.values()].some((c) => {SURFACE}.text.slice(c.a, c.b) === {json.dumps(words)})"
            )
        settled(page)


def test_two_tabs_on_one_log_show_each_others_codings(show, coding, folder):
    """Both tabs hear every answer of the kernel, as two windows on one notebook do."""
    one, two = opened(show(coding)), opened(show(coding))

    def heard(sent, other):
        answer = {"re": sent["id"], **coding.answer(sent)}
        other.evaluate("(message) => push(message)", answer)
        return answer

    drag(one, "Perché no?")
    sent = one.evaluate(
        f"({{ op: 'add', id: 'one1', interview: 'P1-R1', code: 'work', ...{SURFACE}.points({SURFACE}.range) }})"
    )
    one.evaluate("(message) => push(message)", heard(sent, two))
    for page in (one, two):
        page.wait_for_selector(".qq-coded:text('Perché no?')")
    drag(two, "nobody 🙂")
    sent = two.evaluate(
        f"({{ op: 'add', id: 'two1', interview: 'P1-R1', code: 'trust', ...{SURFACE}.points({SURFACE}.range) }})"
    )
    two.evaluate("(message) => push(message)", heard(sent, one))
    for page in (one, two):
        page.wait_for_function(f"{SURFACE}.codings.size === 4")
        settled(page)
    made = {("P1-R1", "Perché no?", "work"), ("P1-R1", "nobody 🙂", "trust")}
    assert made <= set(passages(folder))


def test_a_full_disk_is_said_and_the_marked_words_stay(show, coding, folder, monkeypatch):
    def full(path, block):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = (folder / "codings" / "A.jsonl").read_bytes()
    page = opened(show(coding))
    drag(page, "Perché no?")
    with monkeypatch.context() as patch:
        patch.setattr(log_append, "_write_whole", full)  # os.write is the browser's too
        page.click("[data-give=work]")
        page.wait_for_selector(".qq-status.qq-wrong")
        assert "No space left" in page.locator(".qq-status").text_content()
        assert page.locator(".qq-coded:text('Perché no?')").count() == 0
    assert (folder / "codings" / "A.jsonl").read_bytes() == before
    page.click("[data-give=work]")  # there is room again; the words are still marked
    page.wait_for_selector(".qq-coded:text('Perché no?')")
    assert ("P1-R1", "Perché no?", "work") in passages(folder)
    settled(page)


def test_a_full_disk_in_a_step_of_the_codebook_is_said(show, coding, folder, monkeypatch):
    from quidqual.hand_coding import carried

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(carried, "write_atomic", full)
        told = coding.answer({"op": "rename", "code": "trust", "into": "reliance"})
        assert told["error"] == "No space left on device: nothing was written."
    assert "trust" in qq.open_study(folder).codebook


def test_a_second_kernel_is_told_who_holds_the_log_and_goes_on_when_it_is_free(folder):
    code = (
        "import time, quidqual as qq\n"
        f"w = qq.annotate({str(folder)!r}, coder='A'); print('held', flush=True)\ntime.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(qq.QuidqualError, match=f"process {other.pid} on ") as told:
            qq.annotate(folder, coder="A")
        assert "code as someone else" in str(told.value)
        qq.annotate(folder, coder="B").close()
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    widget = qq.annotate(folder, coder="A")  # a kernel that died holds nothing
    assert len(widget.session.codings) == 3
    widget.close()
