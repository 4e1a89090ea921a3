"""Time the surfaces in a real browser, with the kernel side behind a fake model.

    python benchmarks/widget/bench_surfaces.py > benchmarks/widget/results.txt

What is measured: from the first message to the painted page; from the key to the answer that
says that the coding is on the disk; frames while the note is scrolled; each redraw of the
exploring surface. The browser and the kernel side share one machine.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

import quidqual as qq
import quidqual.widget
from quidqual.faces.frame_face import frame_html
from quidqual.widget.coding_surface import CodingSurface
from quidqual.widget.explore_surface import ExploreSurface

WIDGET = Path(quidqual.widget.__file__).parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>b</title><style>%s</style>
<body><div id="place"></div><script type="module">
import widget from "http://surface.test/widget.js";
const hear = new Set();
const model = { on: (n, f) => hear.add(f), off: (n, f) => hear.delete(f), get: () => null,
  send: (m) => window.answer(JSON.stringify(m)).then((r) => { const a = JSON.parse(r); hear.forEach((f) => f(a)); }) };
window.begin = performance.now();
widget.render({ model, el: document.getElementById("place") });
</script></body></html>"""
PAINTED = """(done) => new Promise((resolve) => { const look = () => eval(done)
  ? requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - window.begin)))
  : setTimeout(look, 2); look(); })"""
SENTENCE = "She said “I stay here” and went on with her work for the day. "


def study_of(people, rounds, *, words=30, codes=40, per_note=0, themes=5):
    rng = np.random.default_rng(0)
    text = SENTENCE * max(1, words // 13)
    if words > 1000:
        text = "\n\n".join(SENTENCE * 6 for _ in range(words // (13 * 6)))
    interviews = [
        {"interview": f"P{p:03}-R{r + 1}", "participant": f"P{p:03}", "round": f"R{r + 1}"}
        for p in range(people) for r in range(rounds)
    ]  # fmt: skip
    size = len(SENTENCE)
    codings = [
        {"interview": i["interview"], "start": int(s) * 12, "end": int(s) * 12 + 50, "coder": "A",
         "code": f"c{int(c):02}"}
        for i in interviews
        for s, c in {(int(a), int(b)) for a, b in zip(
            rng.integers(0, (len(text) - size) // 12, per_note), rng.integers(0, codes, per_note),
            strict=True)}
    ]  # fmt: skip
    book = [{"id": f"t{i}", "codable": False} for i in range(themes)]
    book += [{"id": f"c{i:02}", "parent": f"t{i % themes}"} for i in range(codes)]
    return qq.Study.from_tables(
        title="Bench", corpus="synthetic", rounds=[{"round": f"R{r + 1}"} for r in range(rounds)],
        participants=[{"participant": f"P{p:03}", "group": "ab"[p % 2]} for p in range(people)],
        interviews=interviews, notes={i["interview"]: text for i in interviews}, codebook=book,
        codings=codings, settings={"uncoded": "absent"},
    )  # fmt: skip


def page_of(browser, surface, name):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.expose_function(
        "answer",
        lambda sent: json.dumps({"re": json.loads(sent)["id"], **surface.answer(json.loads(sent))}),
    )
    script = (WIDGET / f"{name}.js").read_text("utf-8")
    html = PAGE % (WIDGET / f"{name}.css").read_text("utf-8")

    def fulfil(route):
        if route.request.url.endswith("widget.js"):
            route.fulfill(body=script, content_type="text/javascript")
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route("**/*", fulfil)
    page.goto("http://surface.test/")
    return page


def row(what, value, limit, unit="s"):
    print(f"{what:<62} {value:8.3f} {unit}   limit {limit}", flush=True)


def coding(browser, folder):
    study = study_of(1, 1, words=50_000, per_note=2_000)
    n_words, n = len(study.text("P000-R1").split()), len(study.codings)
    with qq.coding_session(study.save(folder / "long"), coder="A") as c:
        surface = CodingSurface(c)
        times = []
        for _ in range(3):
            page = page_of(browser, surface, "annotate")
            times.append(
                page.evaluate(PAINTED, "document.querySelectorAll('.qq-coded').length > 1500")
                / 1000
            )
        row(f"{n_words:,} words with {n:,} codings shown", statistics.median(times), 1.0)
        took = page.evaluate(
            """async () => { const s = document.querySelector('.qq-annotate').qqSurface; const all = [];
            const ask = s.ask.bind(s); let answered;
            s.ask = async (...m) => { const r = await ask(...m); answered = performance.now(); return r; };
            for (let i = 0; i < 60; i++) { s.range = [i * 131 + 7, i * 131 + 40]; const t = performance.now();
              await s.give('c0' + (i % 9)); all.push([answered - t, performance.now() - t]); } return all; }"""
        )
        for i, what in enumerate(("acknowledged", "acknowledged and drawn")):
            some = [pair[i] / 1000 for pair in took]
            row(f"a coding {what}, median of 60", statistics.median(some), 0.050)
            row(f"a coding {what}, the slowest of 60", max(some), "-")
        kernel = []
        for i in range(60):
            began = time.perf_counter()
            c.add("P000-R1", start=20_000 + i * 90, end=20_040 + i * 90, code="c01")
            kernel.append(time.perf_counter() - began)
        row("  of which in the kernel, with fsync, median", statistics.median(kernel), 0.050)
        frames = page.evaluate(
            """() => new Promise((resolve) => { const p = document.querySelector('.qq-paper'); const gaps = []; let last;
            p.scrollTop = 0; const step = (t) => { if (last) gaps.push(t - last); last = t; p.scrollTop += 90;
              if (gaps.length < 180) requestAnimationFrame(step); else resolve(gaps); }; requestAnimationFrame(step); })"""
        )
        frames.sort()
        row("scrolling: a frame, median of 180", statistics.median(frames) / 1000, 0.017)
        row("scrolling: a frame, 95th percentile", frames[int(len(frames) * 0.95)] / 1000, "-")
        index = page.evaluate(
            """() => { const text = '🙂 abc '.repeat(50000); const M = document.querySelector('.qq-annotate').qqSurface.places.constructor;
            const t = performance.now(); const p = new M(text); for (let i = 0; i < 1500; i++) { p.unit(i * 190); p.point(i * 190 + 20); } return performance.now() - t; }"""
        )
        row("300,000 characters indexed, 1,500 spans converted both ways", index / 1000, 0.2)
    many = study_of(100, 3, words=400, per_note=8)
    with qq.coding_session(many.save(folder / "many"), coder="A") as c:
        page = page_of(browser, CodingSurface(c), "annotate")
        took = page.evaluate(
            PAINTED,
            "document.querySelectorAll('.qq-person button').length === 300 && document.querySelector('.qq-line')",
        )
        row("300 interviews open", took / 1000, 1.0)
        took = page.evaluate(
            """async () => { const s = document.querySelector('.qq-annotate').qqSurface; const t = performance.now();
            const a = await s.ask("find", { query: "went on" });
            s.showList({ title: "t", rows: a.rows, n: a.n, ticked: true });
            await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r))); return performance.now() - t; }"""
        )
        row("a list of 500 hits of words in 300 notes", took / 1000, "-")


def faces(study):
    presence = qq.presence(study)
    frames = {
        "presence": presence, "prevalence": qq.prevalence(presence, by=("code", "round")),
        "change": qq.change(presence), "codings": study.codings,
    }  # fmt: skip
    for name, frame in frames.items():
        began = time.perf_counter()
        html = frame_html(frame)
        took = time.perf_counter() - began
        row(f"face of {name}, {len(frame):,} rows, {len(html) / 1000:.0f} kB", took, "-")


def exploring(browser, study):
    began = time.perf_counter()
    surface = ExploreSurface(study)
    page = page_of(browser, surface, "explore")
    page.wait_for_selector(".qqx-table canvas, .qqx-table table")
    row("explore opens, 500 people x 40 codes x 6 rounds", time.perf_counter() - began, "-")
    for view in ("tiles", "prevalence", "courses"):
        page.click(f"[data-view={view}]")
        for what in ("theme:", "code:t1", "code:"):
            took = []
            for group in ("a", "", "b", ""):
                took.append(page.evaluate(
                    """async ([what, group]) => { const x = document.querySelector('.qq-explore').qqExplorer;
                    x.choice.group = group; await x.chooseWhat(what); return x.took; }""", [what, group]))  # fmt: skip
            name = {"theme:": "themes", "code:t1": "one theme's codes", "code:": "all 45 codes"}[
                what
            ]
            row(f"explore redraws {view}, {name}, the slowest of 4", max(took) / 1000, 0.3)


def main():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    print(f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores, "
          f"load {os.getloadavg()[0]:.1f}")  # fmt: skip
    with sync_playwright() as running, tempfile.TemporaryDirectory() as place:
        browser = running.chromium.launch(executable_path=path, args=FLAGS)
        print(f"Chromium {browser.version}\n")
        coding(browser, Path(place))
        print()
        study = study_of(500, 6, words=400, per_note=9)  # 27,000 codings
        exploring(browser, study)
        print()
        faces(study)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
