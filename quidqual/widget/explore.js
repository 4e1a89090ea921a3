// Exploring a study: choices above, a table that answers to touch, the words behind a cell.

const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
};
const STATE = { p: "present", a: "absent", n: "not_observed" };
const GLYPH = { p: "●", a: "○", n: "×" };
const MOST = 4000; // cells drawn as buttons; beyond that one picture with a cursor
const CELL = 13;

class Explorer {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.waiting = new Map();
    this.name = Math.random().toString(36).slice(2);
    this.next = 0;
    this.listener = (message) => {
      this.waiting.get(message.re)?.(message);
      this.waiting.delete(message.re);
    };
    model.on("msg:custom", this.listener);
  }
  ask(op, data = {}) {
    const id = `${this.name}${this.next++}`;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.model.send({ op, id, ...data });
    });
  }
  async start() {
    const about = await this.ask("open");
    if (about.error) return this.root.append(el("p", { role: "alert" }, about.error));
    this.about = about;
    const w = (this.w = about.words);
    this.codes = new Map(about.codes.map((code) => [code.id, code]));
    this.root.lang = about.language;
    const themes = about.codes.filter((code) => !code.parent);
    this.choice = { view: "tiles", group: "", coder: "", level: themes.length && (about.large || themes.length < about.codes.length) ? "theme" : "code", theme: "", rounds: [] };
    const select = (name, options) => el("label", {}, el("span", {}, w[name] ?? name), el("select", { name, onchange: (event) => this.choose(name, event.target.value) }, ...options.map(([value, text]) => el("option", { value }, text))));
    const what = [["theme:", w.allThemes], ["code:", w.allCodes], ...themes.map((code) => [`code:${code.id}`, this.label(code.id)])];
    this.head = el("div", { class: "qqx-head", role: "group", "aria-label": w.explore }, el("strong", {}, about.title),
      el("span", { class: "qqx-views" }, ...about.views.map((view) => el("button", { type: "button", "data-view": view, "aria-pressed": String(view === "tiles"), onclick: () => this.choose("view", view) }, w[view]))),
      select("group", [["", w.all], ...about.groups.map((group) => [group, group])]),
      el("label", {}, el("span", {}, w.theme === undefined ? "Theme" : w.codebook), el("select", { name: "what", onchange: (event) => this.chooseWhat(event.target.value) }, ...what.map(([value, text]) => el("option", { value, selected: value === `${this.choice.level}:` }, text)))),
      select("coder", [["", w.allCoders], ...about.coders.map((coder) => [coder, coder])]),
      el("fieldset", {}, el("legend", {}, w.rounds), ...about.rounds.map((round) => el("label", { class: "qqx-round" }, el("input", { type: "checkbox", name: "round", value: round, checked: true, onchange: () => this.chooseRounds() }), round))));
    this.table = el("div", { class: "qqx-table", role: "group", tabindex: 0, "aria-label": w.view });
    this.words = el("div", { class: "qqx-words", role: "group", tabindex: 0, "aria-label": w.passages }, el("p", {}, w.choose));
    this.code = el("pre", { class: "qqx-code", tabindex: 0, role: "group", "aria-label": w.asCode });
    this.status = el("div", { role: "status", class: "qqx-status" });
    const copy = el("button", { type: "button", onclick: () => this.copy() }, w.copy);
    this.root.append(this.head, el("div", { class: "qqx-body" }, this.table, this.words), el("div", { class: "qqx-foot" }, el("span", {}, w.asCode), copy, this.status), this.code,
      el("small", {}, w[about.corpus] ?? about.corpus));
    await this.redraw();
  }
  async choose(name, value) {
    this.choice[name] = value;
    for (const button of this.head.querySelectorAll("[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === this.choice.view));
    await this.redraw();
  }
  async chooseWhat(value) {
    const at = value.indexOf(":");
    [this.choice.level, this.choice.theme] = [value.slice(0, at), value.slice(at + 1)];
    await this.redraw();
  }
  async chooseRounds() {
    const boxes = [...this.head.querySelectorAll("[name=round]")];
    const on = boxes.filter((box) => box.checked).map((box) => box.value);
    this.choice.rounds = on.length === boxes.length ? [] : on.length ? on : [boxes[0].value];
    if (!on.length) boxes[0].checked = true;
    await this.redraw();
  }
  async redraw() {
    const began = performance.now();
    const asked = (this.asked = (this.asked ?? 0) + 1);
    const table = await this.ask("table", this.choice);
    if (asked !== this.asked) return; // a later choice overtook this one
    if (table.error) {
      this.status.textContent = table.error;
      return;
    }
    this.shown = table;
    this.words.replaceChildren(el("p", {}, this.w.choose)); // what was read belongs to another choice
    this.code.textContent = table.code;
    if (table.view === "courses") this.drawCourses(table);
    else if (!table.people.length) this.table.replaceChildren(el("p", {}, this.w.noRows));
    else if (table.view === "prevalence") this.drawPrevalence(table);
    else if (table.cells.length > MOST) this.drawPicture(table);
    else this.drawTiles(table);
    this.took = performance.now() - began;
  }
  label(code) {
    const label = this.codes.get(code)?.label ?? {};
    return label[this.about.language] ?? Object.values(label)[0] ?? code;
  }
  heads(table) { // codes across, rounds beneath each
    const first = el("tr", {}, el("th", { rowspan: 2, scope: "col" }, this.w.participants), ...table.codes.map((code) => el("th", { colspan: table.rounds.length, scope: "colgroup", title: code }, this.label(code))));
    const second = el("tr", {}, ...table.codes.flatMap(() => table.rounds.map((round, i) => el("th", { scope: "col", class: i ? "" : "qqx-edge" }, round))));
    return el("thead", {}, first, second);
  }
  drawTiles(table) {
    const { people, rounds, codes, cells } = table;
    const rows = people.map((person, p) => el("tr", {}, el("th", { scope: "row" }, person), ...codes.flatMap((code, c) => rounds.map((round, r) => {
      const letter = cells[(p * rounds.length + r) * codes.length + c];
      return el("td", { class: r ? "" : "qqx-edge" }, el("button", { type: "button", class: `qqx-${STATE[letter]}`, "data-cell": `${person}|${round}|${code}`,
        "aria-label": `${person}, ${round}, ${this.label(code)}: ${this.w[STATE[letter]]}`, title: `${person} ${round}: ${this.w[STATE[letter]]}`, disabled: letter !== "p",
        onclick: () => this.read({ participants: [person], round, code }) }, GLYPH[letter]));
    }))));
    this.table.replaceChildren(this.key(), el("table", {}, this.heads(table), el("tbody", {}, ...rows)));
  }
  key() { return el("p", { class: "qqx-key" }, ...["p", "a", "n"].map((letter) => el("span", {}, `${GLYPH[letter]} ${this.w[STATE[letter]]}`))); }
  drawPicture(table) { // too many cells for buttons: one picture, a cursor for the arrow keys
    const { people, rounds, codes, cells } = table;
    const wide = rounds.length * codes.length;
    const size = Math.max(4, Math.min(CELL, Math.floor(3200 / wide)));
    const canvas = el("canvas", { tabindex: 0, role: "img", width: wide * size, height: people.length * size });
    const paint = canvas.getContext("2d");
    const look = getComputedStyle(this.root);
    const ink = look.getPropertyValue("--qqx-on").trim(), faint = look.getPropertyValue("--qqx-off").trim();
    const at = (row, column) => cells[(row * rounds.length + (column % rounds.length)) * codes.length + Math.floor(column / rounds.length)];
    for (const [letter, fill] of [["p", ink], ["n", faint]]) {
      paint.beginPath();
      for (let row = 0; row < people.length; row++) {
        for (let column = 0; column < wide; column++) {
          if (at(row, column) !== letter) continue;
          if (letter === "p") paint.rect(column * size, row * size, size - 1, size - 1);
          else paint.rect(column * size, row * size + size / 2, size - 1, 1);
        }
      }
      paint.fillStyle = fill;
      paint.fill();
    }
    let cursor = [0, 0];
    const told = el("p", { class: "qqx-key", role: "status" });
    const tell = () => {
      const [row, column] = cursor;
      const letter = at(row, column), code = codes[Math.floor(column / rounds.length)], round = rounds[column % rounds.length];
      told.textContent = `${people[row]}, ${round}, ${this.label(code)}: ${this.w[STATE[letter]]}`;
      canvas.setAttribute("aria-label", told.textContent);
      return { letter, participants: [people[row]], round, code };
    };
    const open = () => {
      const { letter, ...cell } = tell();
      if (letter === "p") this.read(cell);
    };
    canvas.addEventListener("click", (event) => {
      const box = canvas.getBoundingClientRect();
      cursor = [Math.min(people.length - 1, Math.floor((event.clientY - box.top) / size)), Math.min(wide - 1, Math.floor((event.clientX - box.left) / size))];
      open();
    });
    canvas.addEventListener("keydown", (event) => {
      const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (way) cursor = [Math.max(0, Math.min(people.length - 1, cursor[0] + way[0])), Math.max(0, Math.min(wide - 1, cursor[1] + way[1]))];
      else if (event.key === "Enter") open();
      else return;
      event.preventDefault();
      tell();
    });
    const legend = el("p", { class: "qqx-key" }, el("span", {}, `■ ${this.w.present}`), el("span", {}, `– ${this.w.not_observed}`), el("span", {}, `${people.length} ${this.w.people}`));
    this.table.replaceChildren(legend, told, canvas);
    tell();
  }
  drawPrevalence(table) {
    const { rounds, codes, k, n, labels } = table;
    const of = (c, r) => (n[c][r] ? `${k[c][r]} ${this.w.of} ${n[c][r]}` : labels[c][r] || "–");
    const rows = codes.map((code, c) => el("tr", {}, el("th", { scope: "row", title: code }, this.label(code)), ...rounds.map((round, r) => el("td", {}, el("button", { type: "button", class: "qqx-share", "data-cell": `${round}|${code}`,
      disabled: !k[c][r] && !labels[c][r].includes("volunteered"), style: `--qqx-share:${n[c][r] ? (100 * k[c][r]) / n[c][r] : 0}%`, title: labels[c][r],
      "aria-label": `${this.label(code)}, ${round}: ${of(c, r)}`, onclick: () => this.read({ round, code }) }, of(c, r))))));
    this.table.replaceChildren(el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, this.w.code), ...rounds.map((round) => el("th", { scope: "col" }, round)))), el("tbody", {}, ...rows)));
  }
  drawCourses(table) {
    if (!table.rows.length) return this.table.replaceChildren(el("p", {}, this.w.noRows));
    const mark = { present: "p", absent: "a", not_observed: "n" };
    const rows = table.rows.map((row) => el("tr", {}, el("th", { scope: "row", title: row.code }, this.label(row.code)),
      el("td", {}, el("button", { type: "button", class: "qqx-course", "data-cell": row.code, title: row.pattern, "aria-label": `${this.label(row.code)}: ${row.pattern}, ${row.label}`, onclick: () => this.read({ participants: row.participants.split(", "), code: row.code }) }, row.pattern.split(" > ").map((state) => GLYPH[mark[state]] ?? state).join(" "))),
      el("td", {}, row.label), el("td", {}, row.participants.length > 80 ? `${row.participants.slice(0, 80)} …` : row.participants)));
    const rare = table.rare ? el("p", { class: "qqx-key" }, `${this.w.frequent} ${table.rare}`) : null;
    this.table.replaceChildren(this.key(), ...[rare].filter(Boolean), el("table", {}, el("thead", {}, el("tr", {}, ...[this.w.code, this.w.course, "k", this.w.participants].map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, ...rows)));
  }
  async read(cell) { // the words behind a cell
    const { coder, group, rounds } = this.choice;
    const found = await this.ask("passages", { coder, group, rounds, ...cell });
    if (found.error) return (this.status.textContent = found.error);
    const title = el("p", {}, el("b", {}, this.label(cell.code)), ` ${cell.round ?? ""} · ${found.n} ${found.n === 1 ? this.w.onePassage : this.w.passagesOf}${found.n > found.passages.length ? `, ${this.w.shownFirst}` : ""}`);
    const quotes = found.passages.map((one) => el("div", { class: "qqx-quote", "data-interview": one.interview }, el("p", { dir: "auto" }, el("span", {}, `… ${one.before}`), el("mark", {}, one.words), el("span", {}, `${one.after} …`)),
      el("p", {}, el("small", {}, `${one.interview}, ${this.label(one.code)}, ${one.coder}, ${this.w[one.speech] ?? one.speech}${one.memo ? ` · ${one.memo}` : ""} `), el("button", { type: "button", onclick: () => this.open(one) }, this.w.openNote))));
    this.words.replaceChildren(title, ...(quotes.length ? quotes : [el("p", {}, this.w.none)]));
    this.back = [...this.words.childNodes];
  }
  async open(one) { // from a passage into its note
    const note = await this.ask("note", one);
    if (note.error) return (this.status.textContent = note.error);
    const back = this.back;
    const mark = el("mark", { tabindex: -1 }, note.words);
    this.words.replaceChildren(el("p", {}, el("b", {}, note.interview), " ", el("button", { type: "button", onclick: () => this.words.replaceChildren(...back) }, this.w.close)),
      el("div", { class: "qqx-note", dir: "auto" }, note.before, mark, note.after));
    this.words.scrollTop = mark.offsetTop - this.words.clientHeight / 3;
    mark.focus({ preventScroll: true });
  }
  async copy() {
    try {
      await navigator.clipboard.writeText(this.code.textContent);
      this.status.textContent = this.w.copied;
    } catch {
      const range = document.createRange(); // no clipboard here: the lines are marked instead
      range.selectNodeContents(this.code);
      const selection = document.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
    }
  }
  end() { this.model.off("msg:custom", this.listener); }
}

// what stands in the saved notebook is hidden while the surface itself is there
function hideStatic(place, tries = 40) {
  const area = place.closest(".jp-OutputArea");
  if (area) for (const beside of area.querySelectorAll(".qq-static")) beside.hidden = true;
  else if (tries) setTimeout(() => hideStatic(place, tries - 1), 100); // not in the page yet
}

function render({ model, el: place }) {
  const root = document.createElement("div");
  root.className = "qq-explore";
  root.dataset.lmSuppressShortcuts = "true";
  place.append(root);
  hideStatic(place);
  const explorer = new Explorer(model, root);
  root.qqExplorer = explorer;
  explorer.start();
  return () => explorer.end();
}

export default { render };
