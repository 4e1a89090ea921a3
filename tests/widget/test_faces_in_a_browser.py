"""The faces of frames as a person sees them: light and dark, wide and narrow, nothing serious to axe."""

from __future__ import annotations

import pytest

import quidqual as qq
from quidqual.faces.frame_face import frame_html
from tests.widget.test_in_a_browser import check_axe

pytestmark = pytest.mark.browser
# what JupyterLab does to tables in an output
LAB = """body { font: 13px system-ui; margin: 8px; background: %s; color: %s }
table { border-collapse: collapse; border: none; font-size: 12px; table-layout: fixed }
td, th { padding: .5em; border: none; text-align: right; vertical-align: middle; max-width: none }
tbody tr:nth-child(odd) { background: %s }"""
SCHEMES = {"light": ("#fff", "#1b1b1b", "#f5f5f5"), "dark": ("#111", "#ececec", "#222")}


@pytest.fixture(scope="module")
def faces():
    study = qq.load_example()
    presence = qq.presence(study, level="theme")
    wide = {
        "presence": presence, "prevalence": qq.prevalence(presence, by=("code", "round")),
        "change": qq.change(presence), "codes": qq.presence(study),
    }  # fmt: skip
    narrow = {
        "quotes": qq.search(study, 'code("trust_growing")'),
        "concordance": qq.concordance(study, "trust*").frame,
        "evidence": qq.ledger(study).evidence("R25"),
    }
    return {n: frame_html(f) for n, f in wide.items()}, {
        n: frame_html(f) for n, f in narrow.items()
    }


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1000, 420])
def test_faces_read_well(browser, faces, scheme, width):
    wide, narrow = faces
    shown = {**wide, **narrow} if width > 500 else narrow
    body = "".join(f"<section><h2>{name}</h2>{html}</section>" for name, html in shown.items())
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    try:
        page.set_content(
            f"<!doctype html><html lang='en'><head><title>t</title><style>{LAB % SCHEMES[scheme]}"
            f"</style></head><body><main><h1>Faces</h1>{body}</main></body></html>"
        )
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, "no cell is out of view"
        scrolls = page.evaluate(
            "[...document.querySelectorAll('main *')].filter((e) => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)).length"
        )
        assert scrolls == 0, "no scroll bar inside a scroll bar"
        check_axe(page)
    finally:
        page.close()
