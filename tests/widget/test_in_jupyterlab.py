"""One real JupyterLab on loopback: open, run, code by mouse and keys, reload, restart, all is there."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.widget.test_in_a_browser import drag, passages

pytestmark = pytest.mark.browser


def notebook(folder):
    cells = [
        "import quidqual as qq",
        f"w = qq.annotate({str(folder)!r}, coder='A')\nw",
        "len(w.study.codings)",
        "qq.presence(w.study)",
        "w.session.add('P1-R1', words='no?', code='trsut')",
    ]
    made = {
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    made["cells"] = [
        {
            "cell_type": "code",
            "id": f"c{i}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        for i, source in enumerate(cells)
    ]
    return json.dumps(made)


@pytest.fixture
def lab(tmp_path, folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    room = tmp_path / "lab"
    room.mkdir()
    (room / "study.ipynb").write_text(notebook(folder), encoding="utf-8")
    token = secrets.token_hex(8)
    names = {
        f"JUPYTER_{kind}": str(tmp_path / kind)
        for kind in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    }
    names |= {
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "set"),
        "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "ws"),
        "IPYTHONDIR": str(tmp_path / "ip"),
    }
    root = str(__import__("pathlib").Path(__file__).resolve().parents[2])
    environment = {**os.environ, **names, "PYTHONPATH": root}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", f"--IdentityProvider.token={token}",
               f"--ServerApp.root_dir={room}", "--ServerApp.port_retries=0", "--allow-root", "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]  # fmt: skip
    log = open(tmp_path / "lab.log", "wb")  # noqa: SIM115  closed when the server is
    server = subprocess.Popen(
        command, env=environment, stdout=log, stderr=log, start_new_session=True
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{url}/api?token={token}", timeout=2).read()
                break
            assert server.poll() is None, (tmp_path / "lab.log").read_text()[-2000:]
            time.sleep(0.25)
        yield f"{url}/lab/tree/study.ipynb?token={token}&reset", room / "study.ipynb"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        log.close()


def run_all(page):
    """Wait for an idle kernel, run every cell, wait for the surface."""
    page.get_by_text(re.compile(r"\| Idle")).first.wait_for(timeout=90_000)
    page.click(".lm-MenuBar-itemLabel:text-is('Run')")
    page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")
    page.wait_for_selector(".qq-line", timeout=60_000)


def opened(page, url):
    page.goto(url)
    page.wait_for_selector(".jp-Notebook", timeout=90_000)
    for attempt in range(2):
        try:
            run_all(page)
            return
        except Exception:
            if attempt:
                raise
            page.reload()
            page.wait_for_selector(".jp-Notebook", timeout=90_000)


def looks_right(page):
    """A frame has its face, without a scroll bar of its own; a mistake is one line."""
    shown = page.locator(".jp-Cell").nth(3)
    shown.locator("text=● present, ○ absent, × not observed").wait_for()
    assert shown.locator("th:text-is('trust')").count() == 1
    assert shown.locator(".dataframe").count() == 0
    wider = shown.locator(".jp-OutputArea-output").evaluate("e => e.scrollWidth - e.clientWidth")
    assert wider <= 0
    told = page.locator(".jp-Cell").nth(4).locator(".jp-OutputArea-output").inner_text()
    assert told.strip().splitlines() == [
        "QuidqualError (line 1 of the cell): field 'code': 'trsut' is not a code of the codebook. "
        "Did you mean 'trust'?"
    ]


def test_a_real_lab(lab, browser, folder, tmp_path):
    url, path = lab
    context = browser.new_context(viewport={"width": 1500, "height": 1000})
    page = context.new_page()
    try:
        opened(page, url)
        drag(page, "Perché no?")
        page.click("[data-give=work]")
        page.wait_for_selector(".qq-coded:text('Perché no?')")
        page.focus(".qq-paper")
        page.keyboard.press("Escape")
        page.evaluate("document.querySelector('.qq-annotate').qqSurface.caret = 0")
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            page.keyboard.press(key)
        page.keyboard.type("trus")
        page.keyboard.press("Enter")
        page.wait_for_selector(".qq-coded:text('She came late.')")
        # the letters of Lab's command mode (b: new cell, dd: delete cell) did nothing
        page.keyboard.press("b")
        page.keyboard.press("x")
        assert page.locator(".jp-Cell").count() == 5
        looks_right(page)
        if os.environ.get("SHOTS"):
            page.locator(".jp-Cell").nth(3).screenshot(
                path=os.path.join(os.environ["SHOTS"], "face.png")
            )
        assert {("P1-R1", "Perché no?", "work"), ("P1-R1", "She came late.", "trust")} <= set(
            passages(folder)
        )
        if os.environ.get("SHOTS"):
            page.screenshot(path=os.path.join(os.environ["SHOTS"], "lab.png"))
        # save: no word of a note in the file, the static table is
        page.keyboard.press("Escape")
        page.click(".lm-MenuBar-itemLabel:text-is('File')")
        page.click(".lm-Menu-itemLabel:text-is('Save Notebook')")
        for _ in range(50):
            saved = path.read_text("utf-8")
            if "qq-static" in saved:
                break
            time.sleep(0.2)
        assert "qq-static" in saved
        assert "came late" not in saved
        assert "Perch" not in saved
        # a reload without running anything: nothing is lost, the table stands in the output
        page.reload()
        page.wait_for_selector(".jp-Notebook", timeout=90_000)
        page.wait_for_selector(".qq-static table", state="attached", timeout=60_000)
        # restart the kernel: the log is free again, everything is found
        page.get_by_text(re.compile(r"\| Idle")).first.wait_for(timeout=90_000)
        page.click(".lm-MenuBar-itemLabel:text-is('Kernel')")
        page.click(".lm-Menu-itemLabel:text-is('Restart Kernel and Run All Cells…')")
        page.click(".jp-Dialog button:has-text('Restart')")
        # the next cell sees what was coded
        page.wait_for_function(
            "document.querySelectorAll('.jp-Cell')[2].textContent.includes('7')", timeout=90_000
        )
        page.wait_for_selector(".qq-coded:text('She came late.')", timeout=30_000)
        page.wait_for_selector(".qq-coded:text('Perché no?')")
        page.wait_for_selector(".qq-static", state="hidden")
    finally:
        if os.environ.get("SHOTS"):
            page.screenshot(path=os.path.join(os.environ["SHOTS"], "lab_end.png"))
        context.close()
        shutil.rmtree(tmp_path / "lab", ignore_errors=True)
