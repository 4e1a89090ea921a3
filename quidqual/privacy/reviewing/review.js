// The review queue: rows in, one decision out at a time; the Python side keeps them.
const WORDS = {
  en: {
    title: "Review queue", of: (done, all) => `${done} of ${all} decided`, next: "Next undecided", undo: "Undo",
    accept: "Accept", replace: "Replace", ignore: "Ignore", save: "Save", cancel: "Cancel",
    with: "Replace with", why: "Why it identifies nobody", all: "also all undecided rows of the same words",
    keys: "Keys: arrows choose a row, a accepts, r replaces, i ignores, with Shift all of the same words; u undoes, n goes to the next.",
    done: "Nothing is left to decide. Give .queue back to pseudonymise.", open: "undecided",
    told: (n, what) => `${n} ${n === 1 ? "row" : "rows"}: ${what}`, back: "taken back",
  },
  it: {
    title: "Coda da rivedere", of: (done, all) => `${done} su ${all} decise`, next: "Prossima da decidere", undo: "Annulla",
    accept: "Accetta", replace: "Sostituisci", ignore: "Ignora", save: "Salva", cancel: "Lascia",
    with: "Sostituisci con", why: "Perché non identifica nessuno", all: "anche tutte le righe da decidere con le stesse parole",
    keys: "Tasti: frecce per scegliere, a accetta, r sostituisce, i ignora, con Maiusc tutte le stesse parole; u annulla, n va alla prossima.",
    done: "Non resta nulla da decidere. Dare .queue a pseudonymise.", open: "da decidere",
    told: (n, what) => `${n} ${n === 1 ? "riga" : "righe"}: ${what}`, back: "annullata",
  },
};

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function render({ model, el }) {
  const w = WORDS[model.get("language")] || WORDS.en;
  const waiting = new Map();
  let number = 0;
  let rows = [];
  let here = 0;
  let form = null; // { row, decision, same }

  function ask(message) {
    const id = ++number;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      model.send({ id, ...message });
    });
  }
  function heard(message) {
    const resolve = waiting.get(message.re);
    if (resolve) {
      waiting.delete(message.re);
      resolve(message);
    }
  }
  model.on("msg:custom", heard);

  const count = make("span", { class: "qqr-count" });
  const told = make("p", { class: "qqr-told", role: "status", "aria-live": "polite" });
  const list = make("ul", { class: "qqr-rows", "aria-label": w.title });
  const root = make("section", { class: "qq-review", "aria-label": w.title, onkeydown: typed },
    make("div", { class: "qqr-head" }, make("strong", {}, w.title), count,
      make("button", { type: "button", onclick: next }, w.next),
      make("button", { type: "button", onclick: undo }, w.undo),
      make("span", { class: "qqr-keys" }, w.keys)),
    list, told);
  el.replaceChildren(root);

  function context(row) {
    const before = row.context.indexOf(">");
    const words = row.words.split(/\s+/).join(" ");
    const at = row.context.indexOf(`>${words}<`);
    if (at < 0) return [row.context.slice(0, Math.max(0, before)), make("mark", {}, row.words)];
    return [row.context.slice(0, at), make("mark", {}, words), row.context.slice(at + words.length + 2)];
  }

  function shown(row) {
    const act = (decision) => make("button", {
      type: "button", tabindex: row.row === here ? "0" : "-1", "aria-pressed": String(row.decision === decision),
      "aria-label": `${w[decision]}: ${row.words}`, onclick: (event) => { choose(row.row); begin(decision, event.shiftKey); },
    }, w[decision]);
    const state = row.decision ? `${w[row.decision]}${row.replacement ? ": " + row.replacement : ""}${row.reason ? " (" + row.reason + ")" : ""}` : w.open;
    const item = make("li", {
      class: "qqr-row", tabindex: row.row === here ? "0" : "-1", "data-row": row.row, "aria-current": String(row.row === here),
      onfocusin: () => { if (here !== row.row) choose(row.row, false); },
    },
      make("div", {}, make("p", {}, ...context(row)),
        make("p", { class: "qqr-about" }, `${row.where}, ${row.kind}, ${row.layer} · ${state}`)),
      make("div", { class: "qqr-acts" }, act("accept"), act("replace"), act("ignore")));
    if (form && form.row === row.row) item.append(field(row));
    return item;
  }

  function field(row) {
    const label = form.decision === "replace" ? w.with : w.why;
    const input = make("input", { type: "text", "aria-label": label, placeholder: label,
      value: form.decision === "replace" ? row.replacement : row.reason });
    const same = make("input", { type: "checkbox" });
    same.checked = form.same;
    const send = () => {
      const key = form.decision === "replace" ? "replacement" : "reason";
      decide({ row: row.row, decision: form.decision, [key]: input.value, same: same.checked });
    };
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") send();
      if (event.key === "Escape") { form = null; draw(row.row); focus(); }
    });
    return make("div", { class: "qqr-form" }, input, make("label", {}, same, " ", w.all),
      make("button", { type: "button", onclick: send }, w.save),
      make("button", { type: "button", onclick: () => { form = null; draw(row.row); focus(); } }, w.cancel));
  }

  function draw(...changed) {
    const old = list.children;
    for (const row of changed) if (old[row]) old[row].replaceWith(shown(rows[row]));
    const done = rows.filter((row) => row.decision).length;
    count.textContent = w.of(done, rows.length);
    return done;
  }
  function focus() {
    const item = list.children[here];
    if (!item) return;
    const input = form ? item.querySelector(".qqr-form input") : null;
    (input || item).focus();
    item.scrollIntoView({ block: "nearest" });
  }
  function choose(row, andFocus = true) {
    const before = here;
    here = row;
    if (form && form.row !== row) form = null;
    if (!andFocus) {
      for (const at of [before, row]) {
        const item = list.children[at];
        item.setAttribute("aria-current", String(at === here));
        for (const part of [item, ...item.querySelectorAll(".qqr-acts button")]) part.tabIndex = at === here ? 0 : -1;
      }
      if (list.children[before].querySelector(".qqr-form") && before !== here) draw(before);
      return;
    }
    draw(before, row);
    focus();
  }
  function next() {
    const order = [...rows.slice(here + 1), ...rows.slice(0, here + 1)];
    const found = order.find((row) => !row.decision);
    if (found) choose(found.row);
    else told.textContent = w.done;
  }
  function begin(decision, same) {
    if (!rows.length) return;
    if (decision === "accept") return decide({ row: here, decision, same });
    form = { row: here, decision, same };
    draw(here);
    focus();
  }
  async function decide(message) {
    taken(await ask({ kind: "decide", ...message }), w[message.decision]);
  }
  async function undo() {
    taken(await ask({ kind: "undo" }), w.back);
  }
  function taken(answer, what) {
    if (answer.kind !== "decided") {
      told.textContent = answer.text;
      return;
    }
    form = null;
    for (const row of answer.rows) rows[row.row] = row;
    const done = draw(...answer.rows.map((row) => row.row));
    told.textContent = done === rows.length ? w.done : w.told(answer.rows.length, what);
    const left = rows.slice(here).find((row) => !row.decision);
    if (what !== w.back && left) choose(left.row);
    else if (answer.rows.length) choose(answer.rows[0].row);
  }
  function typed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "INPUT") return;
    const key = event.key.toLowerCase();
    const acts = { a: "accept", r: "replace", i: "ignore" };
    if (acts[key]) begin(acts[key], event.shiftKey);
    else if (key === "u") undo();
    else if (key === "n") next();
    else if (event.key === "ArrowDown" && here + 1 < rows.length) choose(here + 1);
    else if (event.key === "ArrowUp" && here > 0) choose(here - 1);
    else return;
    event.preventDefault();
    event.stopPropagation(); // no key of the notebook
  }

  ask({ kind: "open" }).then((answer) => {
    rows = answer.rows;
    here = Math.max(0, rows.findIndex((row) => !row.decision));
    list.replaceChildren(...rows.map(shown));
    told.textContent = draw() === rows.length ? w.done : "";
  });
  return () => model.off("msg:custom", heard);
}

export default { render };
