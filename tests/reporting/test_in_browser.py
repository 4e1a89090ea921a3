"""The report of the example in a real Chromium: filters, keyboard, links, sizes, contrast, print."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest

import quidqual as qq
from quidqual.reporting import write_report
from tests.reporting.conftest import Page


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write_report(qq.load_example(), tmp_path_factory.mktemp("example") / "report.html")


@pytest.fixture
def tab(browser, file):
    tab = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    wrong: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda message: wrong.append(message.text))
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(file.as_uri())
    yield tab
    tab.close()
    assert wrong == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def shown(tab):
    return tab.locator("article.finding:visible h3 .id").all_inner_texts()


def told(tab, text):
    """Wait until the live region says it. (The page forbids eval, so no wait_for_function.)"""
    from playwright.sync_api import expect

    expect(tab.locator("#f-status")).to_have_text(text)


def test_the_example_page_holds_together(file):
    page = Page(file.read_text("utf-8"))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {v[1:] for v in page.values("href") if v.startswith("#")} <= set(ids)
    claims = [claim.id for claim in qq.load_example().claims]
    assert [
        found["data-finding"]
        for tag, found in page.tags
        if tag == "article" and "data-finding" in found
    ] == claims
    assert page.inside("p", "corpus").startswith("synthetic")
    assert page.inside("figure").count("(synthetic)") >= 5


@pytest.mark.browser
def test_search_and_filters_narrow_the_findings(tab):
    everything = shown(tab)
    assert len(everything) == 101
    tab.get_by_label("Verdict", exact=True).select_option("contradicted")
    told(tab, "2 of 101 findings shown")
    assert shown(tab) == ["D8", "O9"]
    assert tab.locator("table.ledger tbody tr:visible").count() == 2
    tab.get_by_role("button", name="Show all").click()
    told(tab, "101 findings")
    tab.get_by_label("Participants", exact=True).select_option(label="Staff")
    tab.get_by_label("Theme", exact=True).select_option(label="Staff practice")
    told(tab, re.compile("of 101 findings shown"))
    staff = shown(tab)
    assert "R6" in staff
    assert "R1" not in staff
    tab.get_by_label("Search", exact=True).fill("language guidance")
    tab.wait_for_timeout(300)
    assert "R6" in shown(tab)


@pytest.mark.browser
def test_search_forgives_accents_and_finds_folded_passages(tab):
    tab.get_by_label("Search", exact=True).fill("È ENTRATA con questa frase")
    told(tab, re.compile("of 101 findings shown"))
    plain = shown(tab)
    assert "R1" in plain
    tab.get_by_label("Search", exact=True).fill("e entrata con questa frase")
    tab.wait_for_timeout(300)
    assert shown(tab) == plain


@pytest.mark.browser
def test_a_passage_leads_into_the_note_and_back(tab):
    link = tab.locator("#finding-R25 .passage a").first
    link.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector("mark.hit")
    words = "".join(tab.locator("mark.hit").all_inner_texts())
    passage = tab.locator("#finding-R25 .passage .words").first.inner_text()
    assert re.sub("[“”\\s]", "", words) == re.sub("[“”\\s]", "", passage)
    assert (
        tab.locator("mark.hit").first.evaluate(
            "e => e.closest('.note').lang || e.closest('.text').lang"
        )
        == "it"
    )
    tab.locator("mark.hit").first.scroll_into_view_if_needed()
    back = tab.locator(".tags a[href='#finding-R25']").first
    tab.get_by_label("Verdict", exact=True).select_option("contradicted")
    tab.wait_for_selector("#finding-R25", state="hidden")
    back.click()
    tab.wait_for_selector("#finding-R25", state="visible")


@pytest.mark.browser
def test_the_keyboard_reaches_content_controls_and_tables(tab):
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert tab.locator(":focus").bounding_box()["x"] >= 0
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.getAttribute('role')") == "region"
    outline = tab.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(outline.removesuffix("px")) >= 2
    names = tab.evaluate(
        "[...document.querySelectorAll('nav,main,form,[role=region],[role=status]')].map(e => e.tagName)"
    )
    assert {"NAV", "MAIN", "FORM"} <= set(names)
    levels = tab.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(e => +e.tagName[1])")
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_no_width_scrolls_the_page_sideways(tab, width):
    tab.set_viewport_size({"width": width, "height": 812})
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.locator("p.corpus").is_visible()
    tab.evaluate("window.scrollTo(0, 20000)")
    box = tab.locator("p.corpus").bounding_box()
    assert box["y"] >= 0
    assert box["height"] < 120


CONTRAST = """() => {
  const rgb = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255;
    return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const back = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
  const poor = new Set();
  for (const e of document.querySelectorAll('body *:not(svg *)')) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    if (['SCRIPT', 'STYLE', 'OPTION'].includes(e.tagName)) continue;
    const a = light(rgb(getComputedStyle(e).color).slice(0, 3)), b = light(back(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) poor.add(`${e.tagName}.${e.className} ${ratio.toFixed(2)}`);
  }
  return [...poor];
}"""


@pytest.mark.browser
def test_every_text_stands_out_from_its_ground(tab):
    assert tab.evaluate(CONTRAST) == []


@pytest.mark.browser
def test_the_page_reads_without_its_script(browser, file):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(file.as_uri())
    assert tab.locator("article.finding").count() == 101
    assert not tab.locator("form.filters").is_visible()
    context.close()


@pytest.mark.browser
def test_every_printed_page_says_what_the_corpus_is(tab, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    path = Path(tmp_path / "report.pdf")
    tab.pdf(path=str(path), prefer_css_page_size=True)
    pages = [page.extract_text() for page in pypdf.PdfReader(path).pages]
    assert 20 < len(pages) < 105
    assert all("Synthetic notes" in text for text in pages)
    assert all(f"{number} / {len(pages)}" in text for number, text in enumerate(pages, 1))
    text = " ".join(unicodedata.normalize("NFKC", "\n".join(pages)).split())
    assert "The coded notes are in the electronic file." in text
    assert "In the note" not in text
    tab.get_by_label("Print all passages").check()
    tab.pdf(path=str(path), prefer_css_page_size=True)
    assert len(pypdf.PdfReader(path).pages) > len(pages) + 15
