"use strict";
(() => {
  document.documentElement.classList.remove("no-js");
  const byId = (id) => document.getElementById(id);
  const form = byId("filters");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ");

  const findings = [...document.querySelectorAll("article.finding")].map((article) => ({
    article,
    row: document.querySelector(`tr[data-finding="${CSS.escape(article.dataset.finding)}"]`),
    text: null,
    themes: article.dataset.themes.split(" "),
    groups: article.dataset.groups.split(" "),
    verdict: article.dataset.verdict,
  }));

  function filter() {
    const words = plain(byId("f-text").value).split(" ").filter(Boolean);
    const theme = byId("f-theme").value;
    const group = byId("f-group").value;
    const verdict = byId("f-verdict").value;
    let shown = 0;
    for (const one of findings) {
      if (words.length && one.text === null) one.text = plain(one.article.textContent);
      const fits = (!theme || one.themes.includes(theme)) && (!group || one.groups.includes(group)) &&
        (!verdict || one.verdict === verdict) && words.every((word) => one.text.includes(word));
      one.article.hidden = !fits;
      if (one.row) one.row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    const all = findings.length;
    byId("f-status").textContent = shown === all ? `${all} finding${all === 1 ? "" : "s"}` : `${shown} of ${all} finding${all === 1 ? "" : "s"} shown`;
  }

  function follow() {
    for (const mark of document.querySelectorAll("mark.hit")) mark.classList.remove("hit");
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && byId(id);
    if (!target) return;
    const hidden = target.closest("[hidden]");
    if (hidden && form) {
      form.reset();
      filter();
      target.scrollIntoView();
    }
    const folded = target.closest("details");
    if (folded) folded.open = true;
    if (!id.startsWith("c-")) return;
    for (const mark of document.querySelectorAll(`mark[data-c~="${CSS.escape(id.slice(2))}"]`)) mark.classList.add("hit");
  }

  if (form) {
    let wait = 0;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => {
      if (event.target.id === "f-print") {
        document.body.classList.toggle("print-all", event.target.checked);
        return;
      }
      clearTimeout(wait);
      wait = setTimeout(filter, 80);
    });
    form.addEventListener("reset", () => {
      document.body.classList.remove("print-all");
      setTimeout(filter, 0);
    });
    filter();  // a browser may have kept what was typed before the page was loaded anew
    document.body.classList.toggle("print-all", byId("f-print").checked);
  }
  window.addEventListener("hashchange", follow);
  follow();
})();
