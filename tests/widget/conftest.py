"""The surface in a real browser, with the real kernel side behind a fake model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import quidqual.widget
from quidqual.widget.coding_surface import CodingSurface
from tests.hand_coding.session_study import make_folder, session

WIDGET = Path(quidqual.widget.__file__).parent
SHELL = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Surface</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>%s</style></head>
<body style="margin:8px"><main><h1 style="font-size:16px">A notebook</h1><div id="place"></div></main>
<script type="module">
import widget, * as module from "http://surface.test/widget.js";
window.module = module;
const hear = new Set();
window.push = (message) => hear.forEach((f) => f(message));
const model = {
  on: (name, f) => hear.add(f), off: (name, f) => hear.delete(f), get: () => null, set: () => {}, save_changes: () => {},
  send: (message) => window.answer(JSON.stringify(message)).then((reply) => window.push(JSON.parse(reply))),
};
window.model = model;
widget.render({ model, el: document.getElementById("place") });
</script></body></html>"""


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "study")


@pytest.fixture
def show(browser):
    """Show a surface: `page = show(surface)`."""
    contexts = []

    def shown(surface, *, name="annotate", width=1280, height=900, scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on(
            "console", lambda told: page.faults.append(told.text) if told.type == "error" else None
        )
        page.said = []

        def answer(sent):
            message = json.loads(sent)
            page.said.append(message)
            return json.dumps({"re": message["id"], **surface.answer(message)})

        page.expose_function("answer", answer)
        script = (WIDGET / f"{name}.js").read_text("utf-8")
        html = SHELL % (WIDGET / f"{name}.css").read_text("utf-8")

        def fulfil(route):
            if route.request.url.endswith("widget.js"):
                return route.fulfill(body=script, content_type="text/javascript")
            if route.request.url == "http://surface.test/":
                return route.fulfill(body=html, content_type="text/html; charset=utf-8")
            return route.fulfill(status=204)

        page.route("**/*", fulfil)
        page.goto("http://surface.test/")
        return page

    yield shown
    for context in contexts:
        context.close()


@pytest.fixture
def coding(folder):
    """A session on the small study, and its surface."""
    with session(folder) as c:
        yield CodingSurface(c)
