// The coding surface: one module, no build step. Words of a note only ever become text nodes.
// The kernel counts code points, the browser UTF-16 units; Places converts, indexed once a note.

export class Places {
  constructor(text) {
    this.high = []; // units at which a character of two units begins
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0xd800 && unit <= 0xdbff) this.high.push(i++);
    }
  }
  point(unit) { // code points before a unit
    return unit - this.#below(unit, (i) => this.high[i]);
  }
  unit(point) { // units before a code point
    return point + this.#below(point, (i) => this.high[i] - i);
  }
  #below(value, at) {
    let low = 0, top = this.high.length;
    while (low < top) {
      const middle = (low + top) >> 1;
      if (at(middle) < value) low = middle + 1; else top = middle;
    }
    return low;
  }
}

const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") node.style.cssText = value;
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
};
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const GLYPH = { open: "○", begun: "◐", read: "●" };

class Surface {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.waiting = new Map();
    this.name = Math.random().toString(36).slice(2);
    this.next = 0;
    this.range = null; // marked words, in units: [start, end]
    this.chosen = null; // id of the chosen coding
    this.focus = null; // code whose passages stand out
    this.recent = [];
    this.tab = "codes";
    this.listener = (message) => this.hear(message);
    model.on("msg:custom", this.listener);
  }

  // -- talking to the kernel
  ask(op, data = {}) {
    const id = `${this.name}${this.next++}`;
    const sent = { op, id, interview: this.note?.interview, ...data };
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.model.send(sent);
    });
  }
  hear(message) {
    const resolve = this.waiting.get(message.re);
    if (resolve) {
      this.waiting.delete(message.re);
      resolve(message);
    } else if (message.kind === "stale" || message.kind === "changed" || message.kind === "all") {
      clearTimeout(this.soon); // another view, or a verb in a cell
      this.soon = setTimeout(() => this.refresh(), 60);
    }
  }
  async refresh() {
    this.takeState(await this.ask("open"));
    if (this.note) this.takeNote(await this.ask("note"), true);
    this.say(this.w.stale);
  }
  async do(op, data = {}, said) {
    const answer = await this.ask(op, data);
    if (answer.error) {
      this.say(answer.error, true);
      return null;
    }
    if (answer.kind === "all") {
      this.takeState(answer);
      if (answer.note) this.takeNote(answer.note, true);
    } else if (answer.kind === "changed") this.takeChange(answer);
    if (answer.id) { // the new coding is at hand, and the rest of the note does not recede
      this.chosen = answer.id;
      this.range = null;
      this.quiet = true;
      this.emphasise();
      this.showRange();
      this.drawPassage();
    }
    if (said !== null) this.say(said ?? this.w.done);
    return answer;
  }

  // -- what the kernel says
  async start() {
    const state = await this.ask("open");
    if (state.error) {
      this.root.append(el("p", { role: "alert" }, state.error));
      return;
    }
    this.w = state.words;
    this.build(state);
    this.takeState(state);
    const first = state.interviews.find((i) => i.state !== "read") ?? state.interviews[0];
    if (first) await this.openNote(first.interview);
  }
  takeState(state) {
    this.state = state;
    this.codes = new Map(state.codes.map((code) => [code.id, code]));
    this.recent = this.recent.filter((code) => this.codes.has(code));
    this.drawInterviews();
    this.drawCodes();
    this.drawSteps(state);
  }
  takeNote(note, keep = false) {
    this.note = note;
    this.text = note.text;
    this.places = new Places(note.text);
    const place = ([start, end]) => [this.places.unit(start), this.places.unit(end)];
    this.spoken = note.verbatim.map(place);
    this.codings = new Map(note.codings.map((c) => [c.id, this.placed(c)]));
    this.others = note.others.map((c) => this.placed(c));
    this.suggestions = note.suggestions.map((s) => this.placed(s));
    if (!keep) { this.range = null; this.chosen = null; }
    if (this.chosen && !this.codings.has(this.chosen)) this.chosen = null;
    this.drawNote(keep);
    this.drawPassage();
    this.drawInterviews();
    if (this.tab === "compare") this.drawCases();
  }
  placed(thing) {
    return { ...thing, a: this.places.unit(thing.start), b: this.places.unit(thing.end) };
  }
  takeChange(change) {
    const touched = [];
    for (const id of change.gone) {
      touched.push(this.codings.get(id));
      this.codings.delete(id);
    }
    for (const coding of change.put) {
      touched.push(this.codings.get(coding.id), this.placed(coding));
      this.codings.set(coding.id, this.placed(coding));
    }
    const before = new Map(this.suggestions.map((s) => [s.key, s]));
    this.suggestions = change.suggestions.map((s) => this.placed(s));
    for (const s of this.suggestions) before.delete(s.key);
    touched.push(...before.values());
    if (this.chosen && !this.codings.has(this.chosen)) this.chosen = null;
    this.note.memo = change.memo;
    this.state.study_memo = change.study_memo;
    this.note.read = change.read;
    this.state.interviews = change.interviews;
    for (const code of this.codes.values()) code.n = change.counts[code.id] ?? 0;
    this.lanes();
    this.redraw(touched.filter(Boolean));
    this.drawInterviews();
    this.drawCounts();
    this.drawSteps(change);
    this.drawPassage();
    if (this.tab === "compare") this.drawCases(change.cases);
  }
  async openNote(interview) {
    const note = await this.ask("note", { interview });
    if (note.error) return this.say(note.error, true);
    this.takeNote(note);
    this.paper.focus({ preventScroll: true });
  }

  // -- the frame
  build(state) {
    const w = this.w;
    this.root.setAttribute("lang", state.language);
    const button = (name, does, label = w[name]) =>
      el("button", { type: "button", "data-do": name, onclick: does }, label);
    this.undoButton = button("undo", () => this.undo());
    this.redoButton = button("redo", () => this.redo());
    this.readButton = button("markRead", () => this.markRead());
    this.againButton = button("reread", () => this.reread());
    this.progress = el("span", { class: "qq-progress" });
    this.head = el("div", { class: "qq-head", role: "group", "aria-label": w.surface },
      el("strong", { class: "qq-title" }, state.title), el("span", {}, ` ${state.coder} `),
      state.blind ? el("span", { class: "qq-badge" }, w.blind) : null,
      el("span", { class: "qq-badge" }, w[state.corpus] ?? state.corpus), this.progress,
      el("span", { class: "qq-tools" }, this.undoButton, this.redoButton,
        button("nextUncoded", () => this.nextUncoded()), this.readButton,
        button("noteMemo", () => this.writeMemo({ note: this.note.interview }, this.note.memo)),
        button("studyMemo", () => this.writeMemo({}, this.state.study_memo)), button("mend", () => this.mend()),
        button("find", () => this.find()), this.againButton, button("help", () => this.toggleHelp())));
    this.helpBox = el("div", { class: "qq-help", hidden: true });
    this.helpBox.append(...w.keys.split(" · ").map((key) => el("span", {}, key)));
    this.list = el("div", { class: "qq-interviews", role: "group", tabindex: 0, "aria-label": w.interviews });
    this.paper = el("div", { class: "qq-paper", tabindex: 0, role: "group", "aria-label": w.note, "aria-describedby": `${this.name}said` });
    this.paper.addEventListener("pointerup", (event) => this.pointed(event));
    this.paper.addEventListener("scroll", () => this.later(), { passive: true });
    this.passage = el("div", { class: "qq-passage", role: "group", "aria-label": w.selected });
    this.searchBox = el("input", { type: "search", class: "qq-search", "aria-label": w.search, placeholder: w.search,
      oninput: () => this.drawCodes(), onkeydown: (event) => this.searchKey(event) });
    this.tree = el("div", { class: "qq-tree", role: "group", tabindex: 0, "aria-label": w.codebook });
    this.tabs = el("div", { class: "qq-tabs" });
    this.side = el("div", { class: "qq-side" }, this.tabs, this.searchBox, this.tree);
    if (state.compare) {
      for (const tab of ["codes", "compare"]) {
        this.tabs.append(el("button", { type: "button", "aria-pressed": "false", "data-tab": tab, onclick: () => this.showTab(tab) }, w[tab]));
      }
    }
    this.status = el("div", { class: "qq-status", role: "status", "aria-live": "polite", id: `${this.name}said` });
    this.picker = el("div", { class: "qq-picker", hidden: true });
    this.root.append(this.head, this.helpBox, el("div", { class: "qq-body" }, this.list,
      el("div", { class: "qq-middle" }, this.paper, this.picker, this.passage), this.side), this.status);
    // a press on a button must not clear the marked words
    for (const part of [this.side, this.passage, this.head]) {
      part.addEventListener("mousedown", (event) => {
        if (!event.target.closest("input,textarea,select")) event.preventDefault();
      });
    }
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.watch = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        entry.target.qqSeen = entry.isIntersecting;
        if (entry.isIntersecting) this.stripe(entry.target);
      }
    }, { root: this.paper, rootMargin: "300px" });
    this.sizes = new ResizeObserver(() => this.later(true));
    this.sizes.observe(this.paper);
    if (state.compare) this.showTab("compare");
  }
  say(text, wrong = false) {
    this.status.textContent = text;
    this.status.classList.toggle("qq-wrong", wrong);
  }
  toggleHelp() { this.helpBox.hidden = !this.helpBox.hidden; }
  drawSteps(state) {
    this.undoButton.disabled = !state.undo;
    this.redoButton.disabled = !state.redo;
    if (state.again == null) return;
    this.againButton.hidden = !state.again;
    this.againButton.textContent = `${this.w.reread} (${state.again})`;
  }

  // -- left: interviews
  drawInterviews() {
    const all = this.state.interviews;
    const read = all.filter((i) => i.state === "read").length;
    this.progress.textContent = `${read} ${this.w.of} ${all.length} ${this.w.read}`;
    const people = new Map();
    for (const one of all) {
      if (!people.has(one.participant)) people.set(one.participant, []);
      people.get(one.participant).push(one);
    }
    const at = this.list.scrollTop;
    this.list.replaceChildren(...[...people].map(([person, notes]) =>
      el("div", { class: "qq-person" }, el("span", { class: "qq-name" }, person), ...notes.map((one) => el("button", {
        type: "button", "data-interview": one.interview, class: `qq-note-${one.state}`,
        "aria-current": one.interview === this.note?.interview ? "true" : null,
        "aria-label": `${person} ${one.round}: ${this.w[one.state]}, ${one.n} ${this.w.codes}`,
        title: `${one.interview}: ${this.w[one.state]}, ${one.n}`, onclick: () => this.openNote(one.interview),
      }, el("span", {}, `${GLYPH[one.state]} ${one.round}`), one.n ? el("small", {}, ` ${one.n}`) : null)))));
    this.list.scrollTop = at;
    if (this.note) this.readButton.textContent = this.note.read ? this.w.markUnread : this.w.markRead;
  }
  async markRead() { await this.do("read", { read: !this.note.read }); }

  // -- middle: the note
  drawNote(keep) {
    this.watch.disconnect();
    const at = this.paper.scrollTop;
    this.lanes();
    this.lines = [];
    const inside = document.createDocumentFragment();
    let start = 0;
    for (const line of this.text.split("\n")) {
      const node = el("div", { class: "qq-line", dir: "auto" }, el("div", { class: "qq-gutter" }), el("div", { class: "qq-text" }));
      Object.assign(node, { qqStart: start, qqEnd: start + line.length });
      this.lines.push(node);
      inside.append(node);
      start += line.length + 1;
    }
    const sorted = this.marks();
    let from = 0;
    for (const node of this.lines) {
      while (from < sorted.length && sorted[from].reach <= node.qqStart) from++;
      this.fill(node, sorted, from);
    }
    this.paper.replaceChildren(inside);
    if (!this.text.trim()) this.paper.append(el("p", {}, this.w.empty));
    for (const node of this.lines) this.watch.observe(node);
    this.paper.scrollTop = keep ? at : 0;
    this.emphasise();
    this.showRange();
  }
  marks() { // everything that cuts the text, by place; `reach` lets a search stop early
    const all = [...this.codings.values(), ...this.others, ...this.suggestions.map((s) => ({ ...s, faint: true }))];
    all.push(...this.spoken.map(([a, b]) => ({ a, b, spoken: true })));
    all.sort((x, y) => x.a - y.a || y.b - x.b);
    let reach = 0;
    for (const mark of all) mark.reach = reach = Math.max(reach, mark.b);
    return all;
  }
  fill(node, sorted, from) {
    const { qqStart: start, qqEnd: end } = node;
    const found = [], cuts = new Set([start, end]);
    for (let i = from; i < sorted.length && sorted[i].a < end; i++) {
      if (sorted[i].b <= start) continue;
      found.push(sorted[i]);
      cuts.add(Math.max(start, sorted[i].a));
      cuts.add(Math.min(end, sorted[i].b));
    }
    const places = [...cuts].sort((x, y) => x - y);
    const pieces = [];
    for (let i = 0; i + 1 < places.length; i++) {
      const [a, b] = [places[i], places[i + 1]];
      const over = found.filter((mark) => mark.a < b && mark.b > a);
      const piece = document.createElement("span");
      piece.textContent = this.text.slice(a, b);
      this.dress(piece, over);
      pieces.push(piece);
    }
    node.lastChild.replaceChildren(...pieces);
    node.qqMarks = found.filter((mark) => mark.code && !mark.faint);
    if (node.qqSeen) this.stripe(node); else node.firstChild.replaceChildren();
  }
  dress(piece, over) {
    const names = [];
    if (over.some((mark) => mark.spoken)) names.push("qq-spoken");
    const coded = over.filter((mark) => mark.code && !mark.faint);
    const faint = over.filter((mark) => mark.faint);
    if (coded.length) {
      names.push("qq-coded");
      const short = coded.reduce((x, y) => (y.b - y.a < x.b - x.a ? y : x));
      const lines = [...new Set(coded.map((mark) => mark.code))].slice(0, 4).map((code, i) => `inset 0 -${2 * (i + 1)}px ${this.colour(code)}`);
      piece.style.setProperty("--qq", this.colour(short.code));
      piece.style.boxShadow = lines.join(",");
      piece.style.paddingBottom = `${2 * lines.length}px`;
      piece.qqIds = coded.map((mark) => mark.id);
      piece.dataset.ids = piece.qqIds.join(" ");
    }
    if (faint.length) {
      names.push("qq-faint");
      piece.qqFaint = faint[0].key;
      piece.title = faint.map((mark) => `${this.w.suggestion}: ${this.label(mark.code)}`).join("; ");
      piece.style.setProperty("--qqf", this.colour(faint[0].code));
    }
    if (names.length) piece.className = names.join(" ");
  }
  redraw(touched) { // only the lines that what changed lies in
    const sorted = this.marks();
    for (const node of this.lines) {
      if (!touched.some((mark) => mark.a < node.qqEnd && mark.b > node.qqStart)) continue;
      let low = 0, top = sorted.length;
      while (low < top) {
        const middle = (low + top) >> 1;
        if (sorted[middle].reach <= node.qqStart) low = middle + 1; else top = middle;
      }
      this.fill(node, sorted, low);
    }
    this.emphasise();
    this.showRange();
  }
  lanes() { // each passage a lane of its own in the margin, as near to the text as is free
    const lane = (codings, side) => {
      const ends = [];
      for (const coding of [...codings].sort((x, y) => x.a - y.a || y.b - x.b)) {
        let free = ends.findIndex((end) => end <= coding.a);
        if (free < 0) free = ends.length;
        ends[free] = coding.b;
        coding.lane = free;
        coding.side = side;
      }
      return ends.length;
    };
    let wide = lane(this.codings.values(), 0);
    for (const [i, coder] of (this.state.compare ?? []).entries()) {
      const mine = this.others.filter((coding) => coding.coder === coder);
      const before = wide;
      wide += lane(mine, i + 1);
      for (const coding of mine) coding.lane += before;
    }
    this.paper.style.setProperty("--qq-lanes", Math.min(Math.max(wide, 2), 10));
  }
  stripe(node) {
    if (!node.qqMarks?.length) return;
    const top = node.getBoundingClientRect().top;
    const edges = new Map(); // first and last line of each passage within this paragraph
    for (const piece of node.lastChild.children) {
      if (!piece.qqIds) continue;
      const boxes = piece.getClientRects();
      if (!boxes.length) continue;
      for (const id of piece.qqIds) {
        const known = edges.get(id);
        const last = boxes[boxes.length - 1].bottom - top;
        if (known) known[1] = Math.max(known[1], last); else edges.set(id, [boxes[0].top - top, last]);
      }
    }
    node.firstChild.replaceChildren(...node.qqMarks.filter((mark) => edges.has(mark.id) && (mark.lane ?? 0) < 10).map((mark) => {
      const [from, to] = edges.get(mark.id);
      const code = this.codes.get(mark.code);
      const who = this.state.compare ? `${mark.coder}: ` : "";
      return el("span", {
        class: `qq-stripe qq-${code?.mark ?? "solid"}`, "data-id": mark.id, title: who + this.label(mark.code),
        style: `top:${from}px;height:${Math.max(to - from - 2, 8)}px;--qq:${this.colour(mark.code)};--qq-lane:${mark.lane}`,
        onclick: () => this.choose(mark.id),
      }, who && from >= 0 ? el("i", {}, mark.coder.slice(0, 1)) : null);
    }));
    this.emphasise(node);
  }
  later(all = false) {
    if (all) this.stripeAll = true;
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (this.stripeAll) for (const node of this.lines ?? []) if (node.qqSeen) this.stripe(node);
      this.stripeAll = false;
    });
  }
  colour(code) { return this.codes.get(code)?.colour ?? "#777777"; }
  label(code) {
    const label = this.codes.get(code)?.label ?? {};
    return label[this.state.language] ?? Object.values(label)[0] ?? code;
  }
  emphasise(only) { // the chosen coding in its full extent, or the passages of a code; the rest recedes
    const chosen = this.coding(this.chosen);
    const hot = (id) => (chosen ? id === this.chosen : this.coding(id)?.code === this.focus);
    const any = Boolean((chosen && !this.quiet) || (!chosen && this.focus));
    this.paper.classList.toggle("qq-recede", any);
    if (any || this.receded) for (const node of (only ?? this.paper).querySelectorAll("[data-ids],[data-id]")) {
      const ids = node.dataset.id ? [node.dataset.id] : node.qqIds ?? [];
      node.classList.toggle("qq-hot", any && ids.some(hot));
    }
    if (only) return;
    this.receded = any;
    for (const row of this.tree.querySelectorAll("[data-code]")) {
      const on = row.dataset.code === (chosen?.code ?? this.focus);
      row.classList.toggle("qq-on", on);
    }
  }
  coding(id) { return this.codings.get(id) ?? this.others.find((coding) => coding.id === id); }

  // -- marking words
  pointed(event) {
    if (event.button !== 0 || event.target.closest(".qq-stripe")) return;
    const selection = this.root.getRootNode().getSelection?.() ?? document.getSelection();
    const range = selection?.rangeCount ? selection.getRangeAt(0) : null;
    if (range && !range.collapsed && this.paper.contains(range.commonAncestorContainer)) {
      this.range = [this.unitOf(range.startContainer, range.startOffset), this.unitOf(range.endContainer, range.endOffset)];
      this.chosen = null;
      this.focus = null;
    } else {
      const piece = event.target.closest?.("[data-ids]");
      this.caret = range ? this.unitOf(range.startContainer, range.startOffset) : null;
      this.range = null;
      const ids = piece?.qqIds ?? [];
      const shortest = ids.map((id) => this.coding(id)).sort((x, y) => x.b - x.a - (y.b - y.a))[0];
      this.chosen = shortest?.id ?? null;
      this.quiet = false;
      if (!shortest) this.focus = null;
    }
    this.emphasise();
    this.showRange();
    this.drawPassage();
  }
  unitOf(container, offset) {
    const inner = container.nodeType === 3 ? container.parentNode : container;
    const line = inner.closest?.(".qq-line");
    if (!line) {
      const next = container.childNodes[offset];
      return next?.qqStart ?? this.text.length;
    }
    const before = document.createRange();
    before.selectNodeContents(line.lastChild);
    try { before.setEnd(container, offset); } catch { return line.qqStart; }
    if (!line.lastChild.contains(container) && container !== line.lastChild) return line.qqStart + (offset > 1 ? line.qqEnd - line.qqStart : 0);
    return line.qqStart + before.toString().length;
  }
  domRange([a, b]) {
    const point = (unit) => {
      const line = this.lines.find((node) => unit <= node.qqEnd) ?? this.lines.at(-1);
      let left = unit - line.qqStart;
      for (const piece of line.lastChild.children) {
        const size = piece.firstChild?.length ?? 0;
        if (left <= size && piece.firstChild) return [piece.firstChild, left];
        left -= size;
      }
      return [line.lastChild, 0];
    };
    const range = document.createRange();
    range.setStart(...point(a));
    range.setEnd(...point(b));
    return range;
  }
  showRange(scroll = false) { // drawn by the browser, so it stays while another field has the focus
    const lit = globalThis.CSS?.highlights;
    if (!this.range) { lit?.delete(`qq-range`); return; }
    const range = this.domRange(this.range);
    if (lit) lit.set("qq-range", new Highlight(range));
    if (scroll) {
      const box = range.getBoundingClientRect(), frame = this.paper.getBoundingClientRect();
      if (box.top < frame.top + 20 || box.bottom > frame.bottom - 20) this.paper.scrollTop += box.top - frame.top - frame.height / 3;
      const selection = document.getSelection();
      if (selection && this.paper.contains(document.activeElement)) { selection.removeAllRanges(); selection.addRange(range); }
    }
  }
  sentences(line) { // within one paragraph, as units of the note, without blanks at the ends
    if (line.qqSentences) return line.qqSentences;
    const words = this.text.slice(line.qqStart, line.qqEnd);
    const cut = globalThis.Intl?.Segmenter ? [...new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(words)].map((s) => [s.index, s.segment]) : [...words.matchAll(/[^.!?]+[.!?”"»]*\s*/gu)].map((m) => [m.index, m[0]]);
    line.qqSentences = cut.filter(([, s]) => s.trim()).map(([i, s]) => {
      const a = line.qqStart + i + (s.length - s.trimStart().length);
      return [a, a + s.trim().length];
    });
    return line.qqSentences;
  }
  step(way, extend) {
    const chosen = this.coding(this.chosen);
    const here = this.range ?? (chosen && [chosen.a, chosen.b]);
    const from = here ? here[way > 0 ? 1 : 0] : this.caret ?? this.top();
    const found = this.sentenceFrom(from, way);
    if (!found) return;
    this.range = extend && this.range ? [Math.min(this.range[0], found[0]), Math.max(this.range[1], found[1])] : found;
    this.chosen = null;
    this.emphasise();
    this.showRange(true);
    this.drawPassage();
    this.say(this.text.slice(...found).slice(0, 200));
  }
  top() {
    const frame = this.paper.getBoundingClientRect().top;
    const line = this.lines.find((node) => node.getBoundingClientRect().bottom > frame + 4);
    return line?.qqStart ?? 0;
  }
  sentenceFrom(unit, way) {
    let i = this.lines.findIndex((node) => unit <= node.qqEnd);
    if (i < 0) i = this.lines.length - 1;
    for (; i >= 0 && i < this.lines.length; i += way) {
      const all = this.sentences(this.lines[i]);
      const found = way > 0 ? all.find(([a]) => a >= unit) : [...all].reverse().find(([, b]) => b <= unit);
      if (found) return found;
    }
    return null;
  }
  word(way) { // the end of the marked words goes by a word
    if (!this.range) return this.step(1, false);
    const rest = way > 0 ? this.text.slice(this.range[1]) : this.text.slice(this.range[0], this.range[1]);
    const found = way > 0 ? rest.match(/^\s*\S+/u) : rest.match(/\S+\s*$/u);
    if (!found) return;
    const end = way > 0 ? this.range[1] + found[0].length : this.range[1] - found[0].length;
    const trimmed = this.text.slice(this.range[0], end).trimEnd().length;
    if (trimmed) this.range = [this.range[0], this.range[0] + trimmed];
    this.showRange(true);
    this.drawPassage();
  }
  points([a, b]) { return { start: this.places.point(a), end: this.places.point(b) }; }

  // -- coding
  async give(code) {
    if (!this.codes.get(code)?.codable || this.codes.get(code)?.retired) return;
    this.recent = [code, ...this.recent.filter((known) => known !== code)].slice(0, 9);
    if (this.range) {
      await this.do("add", { code, ...this.points(this.range) }, `${this.w.coded}: ${this.label(code)}`);
    } else if (this.codings.has(this.chosen)) {
      await this.do("code", { coding: this.chosen, code }, `${this.w.coded}: ${this.label(code)}`);
    } else {
      this.focus = this.focus === code ? null : code; // nothing marked: its passages stand out
      this.emphasise();
      this.drawPassage();
    }
    this.drawRecent();
  }
  choose(id, scroll = true) {
    this.chosen = id;
    this.quiet = false;
    this.range = null;
    this.emphasise();
    const found = this.coding(id);
    if (scroll && found) this.show(found.a);
    this.showRange();
    this.drawPassage();
    this.tree.querySelector(".qq-on")?.scrollIntoView({ block: "nearest" });
  }
  show(unit) {
    const line = this.lines.find((node) => unit <= node.qqEnd);
    if (!line) return;
    const frame = this.paper.getBoundingClientRect();
    let box = line.getBoundingClientRect();
    if (box.height > frame.height) box = this.domRange([unit, Math.min(unit + 1, line.qqEnd)]).getBoundingClientRect();
    if (box.top < frame.top || box.bottom > frame.bottom) this.paper.scrollTop += box.top - frame.top - frame.height / 3;
  }
  here() { // codings at the place where one is, the longest first
    const at = this.coding(this.chosen)?.a ?? this.range?.[0] ?? this.caret;
    if (at == null) return [];
    const place = this.cyclePlace ?? at;
    return [...this.codings.values(), ...this.others].filter((c) => c.a <= place && c.b > place).sort((x, y) => y.b - y.a - (x.b - x.a) || (x.id < y.id ? -1 : 1));
  }
  cycle() {
    const chosen = this.coding(this.chosen);
    if (!chosen || this.cyclePlace == null || !(chosen.a <= this.cyclePlace && chosen.b > this.cyclePlace)) {
      this.cyclePlace = this.range?.[0] ?? (chosen ? Math.max(chosen.a, ...[...this.codings.values()].filter((c) => c.a < chosen.b && c.b > chosen.a).map((c) => (c.a < chosen.b ? c.a : 0))) : this.caret);
    }
    const all = this.here();
    if (!all.length) return;
    const next = all[(all.findIndex((c) => c.id === this.chosen) + 1) % all.length];
    const place = this.cyclePlace;
    this.choose(next.id, false);
    this.cyclePlace = place;
    this.say(`${this.label(next.code)} (${all.indexOf(next) + 1} ${this.w.of} ${all.length})`);
  }
  nextUncoded() {
    const all = [...this.codings.values()].sort((x, y) => x.a - y.a);
    let at = this.range?.[1] ?? this.coding(this.chosen)?.b ?? 0;
    for (let found = this.sentenceFrom(at, 1); found; found = this.sentenceFrom(at, 1)) {
      const over = all.find((c) => c.a < found[1] && c.b > found[0]);
      if (!over) {
        this.chosen = null;
        this.range = found;
        this.emphasise();
        this.show(found[0]);
        this.showRange(true);
        return this.drawPassage();
      }
      at = Math.max(found[1], at + 1);
    }
    this.say(this.w.allCoded);
  }
  async undo() {
    const answer = await this.do("undo", {}, null);
    if (this.tab === "list") await this.shownList.again?.(); // its rows may be others now
    if (answer) this.say(answer.done ? `${this.w.undo}: ${answer.done}` : this.w.nothing);
  }
  async redo() {
    const answer = await this.do("redo", {}, null);
    if (this.tab === "list") await this.shownList.again?.();
    if (answer) this.say(answer.done ? `${this.w.redo}: ${answer.done}` : this.w.nothing);
  }
  async split() {
    const coding = this.codings.get(this.chosen);
    const at = this.caret ?? (coding && this.sentenceFrom(coding.a + 1, 1)?.[0]);
    if (coding && at > coding.a && at < coding.b) await this.do("split", { coding: coding.id, at: this.places.point(at) });
  }
  async bounds() { // the chosen coding takes the marked words
    const id = this.codings.has(this.chosen) ? this.chosen : this.last;
    if (this.range && this.codings.has(id)) await this.do("bounds", { coding: id, ...this.points(this.range) });
  }
  nextSuggestion() {
    const at = this.range?.[0] ?? -1;
    const all = [...this.suggestions].sort((x, y) => x.a - y.a);
    const next = all.find((s) => s.a > at) ?? all[0];
    if (!next) return this.say(this.w.noSuggestion);
    this.suggested = next.key;
    this.chosen = null;
    this.range = [next.a, next.b];
    this.show(next.a);
    this.emphasise();
    this.showRange(true);
    this.drawPassage();
  }
  async judge(op) {
    const found = this.suggestions.find((s) => s.key === this.suggested);
    if (!found) return this.nextSuggestion();
    await this.do(op, { key: found.key });
    this.suggested = null;
    this.range = [found.a, found.a];
    this.nextSuggestion();
    if (!this.suggested) { this.range = null; this.showRange(); this.drawPassage(); }
  }

  // -- below: the passage
  drawPassage() {
    const w = this.w;
    this.last = this.chosen ?? this.last;
    const button = (name, does, label = w[name]) => el("button", { type: "button", "data-do": name, onclick: does }, label);
    const coding = this.coding(this.chosen);
    const parts = [];
    const swatch = (code) => el("span", { class: `qq-swatch qq-${this.codes.get(code)?.mark}`, style: `--qq:${this.colour(code)}` });
    if (coding) {
      const words = this.text.slice(coding.a, coding.b).split(/\s+/).length;
      const own = this.codings.has(coding.id);
      parts.push(swatch(coding.code), el("b", {}, this.label(coding.code)), el("span", {}, `${own ? "" : coding.coder + ", "}${words} ${w.words}, ${w[this.voice(coding)]}`));
      const over = this.codesAt(coding);
      if (over.length > 1) parts.push(el("span", {}, `${w.here}: ${over.map((c) => this.label(c)).join(", ")}`));
      if (own) {
        parts.push(button("changeCode", () => this.pick()), button("split", () => this.split()), button("remove", () => this.do("remove", { coding: coding.id })),
          button("memo", () => this.writeMemo({ coding: coding.id }, coding.memo)),
          el("label", {}, `${w.weight} `, el("input", { type: "number", step: "any", class: "qq-weight", value: coding.weight ?? "",
            onchange: (event) => this.do("weigh", { coding: coding.id, weight: event.target.value === "" ? null : Number(event.target.value) }) })));
      }
      if (coding.memo) parts.push(el("q", { class: "qq-memo" }, coding.memo));
    } else if (this.range) {
      const suggestion = this.suggestions.find((s) => s.key === this.suggested && s.a === this.range[0]);
      const words = this.text.slice(...this.range).split(/\s+/).length;
      parts.push(el("span", {}, `${words} ${w.words}, ${w[this.voice({ a: this.range[0], b: this.range[1] })]}`));
      if (suggestion) {
        parts.push(swatch(suggestion.code), el("b", {}, `${w.suggestion}: ${this.label(suggestion.code)}${suggestion.probability != null ? ` (${Math.round(100 * suggestion.probability)} %)` : ""}`), button("accept", () => this.judge("accept")), button("reject", () => this.judge("reject")));
      } else parts.push(button("code", () => this.pick()));
      if (this.codings.has(this.last)) parts.push(button("toSelection", () => this.bounds(), `${w.toSelection}: ${this.label(this.codings.get(this.last).code)}`));
    } else if (this.focus) {
      parts.push(swatch(this.focus), el("b", {}, this.label(this.focus)), button("focus", () => this.give(this.focus), w.cancel));
    } else parts.push(el("span", {}, w.nothingSelected));
    if (this.note?.memo && !coding) parts.push(el("q", { class: "qq-memo" }, this.note.memo));
    this.passage.replaceChildren(...parts);
  }
  voice({ a, b }) {
    if (this.spoken.some(([x, y]) => a >= x && b <= y)) return "verbatim";
    return this.spoken.some(([x, y]) => a < y && b > x) ? "mixed" : "paraphrase";
  }
  codesAt({ a, b }) { return [...new Set([...this.codings.values()].filter((c) => c.a < b && c.b > a).map((c) => c.code))]; }

  // -- small forms over the note
  form(fields, done, extra = []) {
    const w = this.w;
    const inputs = Object.entries(fields).map(([name, { value = "", long = false, options, label }]) => {
      const field = options ? el("select", { name }, ...options.map(([id, text]) => el("option", { value: id, selected: id === value }, text)))
        : long ? el("textarea", { name, rows: 2 }) : el("input", { name, type: "text" });
      if (!options) field.value = value;
      return [field, el("label", {}, el("span", {}, label ?? w[name]), field)];
    });
    const send = async (event) => {
      event?.preventDefault();
      this.closePicker();
      await done(Object.fromEntries(inputs.map(([field]) => [field.name, field.value])));
      if (this.tab !== "list") this.paper.focus({ preventScroll: true });
    };
    const form = el("form", { class: "qq-form", onsubmit: send }, ...inputs.map(([, label]) => label),
      el("div", {}, el("button", { type: "submit" }, w.save), el("button", { type: "button", onclick: () => this.closePicker(true) }, w.cancel), ...extra));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
    });
    this.picker.replaceChildren(form);
    this.picker.hidden = false;
    inputs[0][0].focus();
  }
  closePicker(back = false) {
    this.picker.hidden = true;
    this.picker.replaceChildren();
    if (back) this.paper.focus({ preventScroll: true });
  }
  writeMemo(about, text) { this.form({ text: { value: text, long: true, label: this.w.memo } }, (values) => this.do("memo", { ...about, ...values })); }
  mend() {
    if (!this.range) return this.say(this.w.nothingSelected);
    const place = this.points(this.range);
    this.form({ words: { value: this.text.slice(...this.range), long: true, label: this.w.mendHint } }, async (values) => {
      this.range = null;
      const answer = await this.do("mend", { ...place, ...values }, null);
      if (!answer) return;
      if (answer.rows.length) this.showList({ title: this.w.carried, rows: answer.rows });
      this.say(`${answer.rows.length} ${this.w.carried}`);
    });
  }
  createCode(id = "") {
    const parents = [["", this.w.theme], ...[...this.codes.values()].map((code) => [code.id, "\u2003".repeat(code.depth) + this.label(code.id)])];
    const near = this.codings.get(this.last)?.code;
    const parent = this.codes.get(near)?.parent ?? "";
    this.form({ label: { value: id }, code: { value: slug(id), label: this.w.id }, definition: { long: true }, parent: { options: parents, value: parent }, heading: { options: [["", this.w.isCode], ["yes", this.w.isHeading]], label: this.w.kindOfCode } }, async (values) => {
      const made = await this.do("create", { ...values, code: values.code || slug(values.label) });
      if (made && !values.heading && (this.range || this.codings.has(this.chosen))) await this.give(made.made);
    });
  }
  editCode(code) {
    const about = this.codes.get(code);
    const others = [["", "–"], ...[...this.codes.values()].filter((c) => c.codable && c.id !== code).map((c) => [c.id, this.label(c.id)])];
    const beneath = (id) => { for (let at = id; at; at = this.codes.get(at)?.parent) if (at === code) return true; return false; };
    const parents = [["", this.w.theme], ...[...this.codes.values()].filter((c) => !beneath(c.id)).map((c) => [c.id, "\u2003".repeat(c.depth) + this.label(c.id)])];
    this.form({
      definition: { value: about.definition, long: true }, include: { value: about.include, long: true }, exclude: { value: about.exclude, long: true },
      memo: { value: about.memo, long: true }, parent: { options: parents, value: about.parent }, code: { value: code, label: this.w.rename }, into: { options: others, label: this.w.merge },
      overlaps: { options: [["join", this.w.overlapsJoin], ["keep", this.w.overlapsKeep]], label: this.w.overlaps },
    }, async (values) => {
      const fields = {};
      for (const name of ["definition", "include", "exclude", "memo"]) if (values[name] !== about[name]) fields[name] = values[name] || null;
      if (Object.keys(fields).length) {
        const answer = await this.do("redefine", { code, fields }, null);
        if (answer) this.say(`${answer.again} ${this.w.again}`);
      }
      if (values.parent !== about.parent) await this.do("move", { code, parent: values.parent });
      if (values.into) {
        const answer = await this.do("merge", { code, into: values.into, overlaps: values.overlaps }, null);
        if (answer) this.say(answer.report.map((r) => `${r.coder}: ${r.moved} ${this.w.moved}, ${r.joined} ${this.w.overlapsJoin}, ${r.apart} ${this.w.overlapsKeep}`).join("; ") || this.w.done);
      } else if (values.code && values.code !== code) await this.do("rename", { code, into: values.code });
    }, [el("button", { type: "button", onclick: async () => { this.closePicker(true); await this.do("retire", { code }); } }, this.w.retire)]);
  }
  pick() { // type a few letters of a code, anywhere in its names
    const list = el("div", { class: "qq-options", role: "listbox", id: `${this.name}list`, "aria-label": this.w.codes });
    const input = el("input", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": `${this.name}list`, "aria-label": this.w.pick, placeholder: this.w.pick });
    let found = [], at = 0;
    const take = async (code) => {
      this.closePicker(true);
      if (code.made) this.createCode(code.made); else await this.give(code.id);
    };
    const draw = () => {
      found = this.matching(input.value);
      at = Math.min(at, Math.max(found.length - 1, 0));
      list.replaceChildren(...found.slice(0, 12).map((code, i) => el("div", { role: "option", id: `${this.name}o${i}`, "aria-selected": String(i === at), onclick: () => take(code) },
        ...(code.made ? [`+ ${this.w.newCode}: ${code.made}`] : [el("span", { class: `qq-swatch qq-${code.mark}`, style: `--qq:${code.colour}` }), this.label(code.id), el("small", {}, ` ${code.id}`)]))));
      if (found.length) input.setAttribute("aria-activedescendant", `${this.name}o${at}`); else input.removeAttribute("aria-activedescendant");
      if (!found.length) list.append(el("div", { role: "option", "aria-selected": "false" }, this.w.noCode));
    };
    input.addEventListener("input", () => { at = 0; draw(); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") at = Math.min(at + 1, Math.min(found.length, 12) - 1);
      else if (event.key === "ArrowUp") at = Math.max(at - 1, 0);
      else if (event.key === "Enter") {
        event.preventDefault();
        event.stopPropagation();
        if (found[at]) take(found[at]); else this.createCode(input.value);
        return;
      } else return;
      event.preventDefault();
      draw();
    });
    this.picker.replaceChildren(input, list);
    this.picker.hidden = false;
    draw();
    input.focus();
  }
  matching(typed) {
    const letters = plain(typed.trim());
    const all = [...this.codes.values()].filter((code) => code.codable && !code.retired);
    if (!letters) return [...this.recent.map((id) => this.codes.get(id)).filter((c) => c.codable && !c.retired), ...all.filter((code) => !this.recent.includes(code.id))];
    const rank = (code) => {
      const names = [code.id, ...Object.values(code.label)].map(plain);
      if (names.some((name) => name.startsWith(letters))) return 0;
      if (names.some((name) => name.split(/[\s_-]+/).some((part) => part.startsWith(letters)))) return 1;
      return names.some((name) => name.includes(letters)) ? 2 : 9;
    };
    const found = all.map((code) => [rank(code), code]).filter(([r]) => r < 9).sort((x, y) => x[0] - y[0]);
    const exact = found.some(([, code]) => [code.id, ...Object.values(code.label)].some((name) => plain(name) === letters));
    const within = found.findIndex(([r]) => r === 2); // letters inside a word: Enter must not take "distrust" for "trust"
    if (!exact) found.splice(within < 0 ? found.length : within, 0, [2, { made: typed.trim() }]);
    return found.map(([, code]) => code);
  }

  // -- right: codes, or the cases of two coders
  drawCodes() {
    if (this.tab !== "codes") return;
    const typed = plain(this.searchBox.value.trim());
    const open = new Set([...this.tree.querySelectorAll("details[open]")].map((d) => d.dataset.about));
    const shown = [...this.codes.values()].filter((code) => !typed || [code.id, code.definition, ...Object.values(code.label)].some((name) => plain(name).includes(typed)));
    const at = this.tree.scrollTop;
    this.tree.replaceChildren(this.recentBox = el("div", { class: "qq-recent" }), ...shown.map((code) => {
      const about = [["definition", code.definition], ["include", code.include], ["exclude", code.exclude], ["memo", code.memo]].filter(([, text]) => text);
      const name = el("button", { type: "button", class: "qq-code", "data-give": code.id, disabled: !code.codable || code.retired, title: code.definition, onclick: () => this.give(code.id) },
        el("span", { class: `qq-swatch qq-${code.mark}`, style: `--qq:${code.colour}` }), el("span", {}, this.label(code.id)), code.retired ? el("em", {}, ` ${this.w.retired}`) : null);
      const row = el("div", { class: "qq-row", "data-code": code.id, style: `--qq-depth:${code.depth}` }, name, code.codable ? el("span", { class: "qq-n" }, String(code.n)) : null);
      const more = el("details", { "data-about": code.id, open: open.has(code.id) }, el("summary", { "aria-label": `${this.w.definition}: ${this.label(code.id)}` }),
        ...about.map(([field, text]) => el("p", {}, el("b", {}, `${this.w[field]}: `), text)), el("button", { type: "button", onclick: () => this.editCode(code.id) }, this.w.edit),
        code.codable ? el("button", { type: "button", "data-do": "passages", onclick: () => this.passagesOf(code.id) }, this.w.passages) : null);
      row.append(more);
      return row;
    }), el("button", { type: "button", class: "qq-new", "data-do": "newCode", onclick: () => this.createCode(this.searchBox.value) }, `+ ${this.w.newCode}`));
    this.tree.scrollTop = at;
    this.drawRecent();
    if (this.lines) this.emphasise();
  }
  drawRecent() {
    this.recentBox?.replaceChildren(...this.recent.map((code, i) => el("button", { type: "button", "data-recent": i + 1, onclick: () => this.give(code) }, el("kbd", {}, String(i + 1)), ` ${this.label(code)}`)));
  }
  drawCounts() {
    for (const row of this.tree.querySelectorAll("[data-code]")) {
      const n = row.querySelector(".qq-n");
      if (n) n.textContent = String(this.codes.get(row.dataset.code)?.n ?? 0);
    }
  }
  searchKey(event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = this.matching(this.searchBox.value)[0];
    if (first?.made) this.createCode(first.made);
    else if (first) { this.give(first.id); this.searchBox.value = ""; this.drawCodes(); this.paper.focus({ preventScroll: true }); }
  }
  showTab(tab) {
    this.tab = tab;
    for (const button of this.tabs.children) button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
    this.searchBox.hidden = tab !== "codes";
    if (!this.state) return;
    if (tab === "codes") this.drawCodes(); else if (tab === "compare") this.drawCases(); else this.drawList();
  }

  // -- right: a list of passages, to be ticked and moved, coded or confirmed together
  showList(list) {
    this.shownList = list;
    this.showTab("list");
    (this.tree.querySelector(".qq-tick,.qq-where") ?? this.tree.querySelector("button")).focus();
    this.say(`${list.title} (${list.n ?? list.rows.length})`);
  }
  drawList() {
    const { title, rows, n, ticked, foot } = this.shownList;
    const row = (one) => {
      const words = one.words.length > 140 ? `${one.words.slice(0, 140)} …` : one.words || "–";
      const box = ticked == null ? null : el("input", { type: "checkbox", class: "qq-tick", checked: ticked, "aria-label": words });
      if (box) box.qqRow = one;
      const about = [one.interview, one.coder, one.code && this.label(one.code), one.change && this.w[one.change]].filter(Boolean).join(", ");
      return el("div", { class: "qq-hit" }, box, el("button", { type: "button", class: "qq-where", onclick: () => this.visit(one) }, el("span", { dir: "auto" }, words), el("small", {}, about)));
    };
    const all = ticked == null || rows.length < 2 ? null : el("label", {}, el("input", { type: "checkbox", "data-do": "all", checked: ticked,
      onchange: (event) => this.tree.querySelectorAll(".qq-tick").forEach((box) => (box.checked = event.target.checked)) }), ` ${this.w.all}`);
    const back = el("button", { type: "button", "data-do": "back", onclick: () => this.closeList() }, this.w.close);
    const more = n > rows.length ? el("small", {}, `${rows.length} ${this.w.of} ${n}`) : null;
    this.tree.replaceChildren(el("div", { class: "qq-list-head" }, el("b", {}, title), back), ...[all, more].filter(Boolean), ...rows.map(row), ...(rows.length ? foot ?? [] : [el("p", {}, this.w.emptyList)]));
    this.tree.scrollTop = 0;
  }
  closeList() {
    this.shownList = null;
    this.showTab(this.state.compare ? "compare" : "codes");
    this.paper.focus({ preventScroll: true });
  }
  listKey(event) { // from row to row by the arrow keys; Enter on a tick goes to the passage
    const row = event.target.closest(".qq-hit");
    if (!row) return false;
    if (event.key === "Enter" && event.target.matches(".qq-tick")) row.querySelector(".qq-where").click();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
      next?.querySelector(event.target.matches(".qq-tick") ? ".qq-tick" : ".qq-where")?.focus();
    } else return false;
    event.preventDefault();
    return true;
  }
  tickedRows() {
    const rows = [...this.tree.querySelectorAll(".qq-tick")].filter((box) => box.checked).map((box) => box.qqRow);
    if (!rows.length) this.say(this.w.nothingTicked, true);
    return rows;
  }
  async visit(one) { // to the passage, in whatever note
    if (one.start < 0) return;
    if (one.interview !== this.note.interview) await this.openNote(one.interview);
    if (this.coding(one.id)) this.choose(one.id);
    else {
      this.chosen = null;
      this.range = [this.places.unit(one.start), this.places.unit(one.end)];
      this.show(this.range[0]);
      this.emphasise();
      this.showRange(true);
      this.drawPassage();
    }
  }
  codeChoice(label, without) { // a code that is there, or a new one by its name
    const codes = [...this.codes.values()].filter((code) => code.codable && !code.retired && code.id !== without);
    const known = el("select", { "aria-label": label }, el("option", { value: "" }, this.w.newCode), ...codes.map((code) => el("option", { value: code.id }, this.label(code.id))));
    const name = el("input", { type: "text", "aria-label": this.w.newCode, placeholder: this.w.label });
    known.addEventListener("change", () => (name.hidden = known.value !== ""));
    return { parts: [known, name], into: () => known.value || slug(name.value), label: () => (known.value ? "" : name.value.trim()) };
  }
  async passagesOf(code) {
    if (!code) return this.say(this.w.chooseCode);
    const answer = await this.ask("passages", { code });
    if (answer.error) return this.say(answer.error, true);
    const choice = this.codeChoice(this.w.splitInto, code);
    const move = async () => {
      const rows = this.tickedRows();
      if (!rows.length) return;
      const done = await this.do("split_code", { code, into: choice.into(), label: choice.label(), codings: rows.map((row) => row.id) }, null);
      if (!done) return;
      await this.passagesOf(code);
      this.say(`${done.moved} ${this.w.moved}`);
    };
    this.showList({ title: this.label(code), rows: answer.rows, ticked: false, again: () => this.passagesOf(code),
      foot: [el("div", { class: "qq-list-foot" }, el("span", {}, this.w.splitInto), ...choice.parts, el("button", { type: "button", "data-do": "moveTicked", onclick: move }, this.w.moveTicked))] });
  }
  async reread() { // codings made before their code was redefined
    const answer = await this.ask("reread");
    if (answer.error) return this.say(answer.error, true);
    const holds = async () => {
      const rows = this.tickedRows();
      if (rows.length && (await this.do("confirm", { codings: rows.map((row) => row.id) }))) this.reread();
    };
    this.showList({ title: this.w.reread, rows: answer.rows, ticked: false, again: () => this.reread(),
      foot: [el("div", { class: "qq-list-foot" }, el("button", { type: "button", "data-do": "holds", onclick: holds }, this.w.holds))] });
  }
  find() { // every hit of words is looked at, then coded together
    this.form({ query: { label: this.w.findHint } }, async ({ query }) => {
      if (!query.trim()) return;
      const answer = await this.ask("find", { query });
      if (answer.error) return this.say(answer.error, true);
      const choice = this.codeChoice(this.w.codeTicked, "");
      const code = async () => {
        if (!this.tickedRows().length) return;
        const into = choice.into();
        if (!this.codes.has(into) && !(await this.do("create", { code: into, label: choice.label() }))) return;
        const hits = [...this.tree.querySelectorAll(".qq-tick")].map((box) => [box.qqRow.interview, box.qqRow.start, box.qqRow.end, box.checked]);
        const done = await this.do("code_hits", { code: into, hits }, null);
        if (!done) return;
        this.closeList();
        this.say(`${this.w.coded}: ${done.made}`);
      };
      this.showList({ title: `${this.w.find}: ${query}`, rows: answer.rows, n: answer.n, ticked: true,
        foot: [el("div", { class: "qq-list-foot" }, ...choice.parts, el("button", { type: "button", "data-do": "codeTicked", onclick: code }, this.w.codeTicked))] });
    });
  }
  async drawCases(given) {
    const cases = given ?? (await this.ask("cases")).cases ?? [];
    const [first, second] = this.state.compare;
    const at = this.tree.scrollTop;
    this.tree.replaceChildren(...cases.map((one) => {
      const side = (which) => (one[`${which}_code`] ? this.label(one[`${which}_code`]) : this.w.nobody);
      const reason = el("input", { type: "text", "aria-label": this.w.reason, placeholder: this.w.reason });
      reason.value = one.reason ?? "";
      const button = (take, label) => el("button", { type: "button", "data-take": take, "aria-pressed": String(one.decided === take),
        onclick: () => this.do("decide", { case: one.case, take, reason: reason.value }) }, label);
      return el("div", { class: `qq-case qq-kind-${one.kind.replace(" ", "-")}`, "data-case": one.case }, el("button", { type: "button", class: "qq-where", onclick: () => this.choose(one.first_id || one.second_id) },
        el("b", {}, this.w[one.kind]), el("span", {}, `${first}: ${side("first")}`), el("span", {}, `${second}: ${side("second")}`)),
        one.kind === "same" ? null : reason, el("div", {}, button("first", first), button("second", second), ...(one.kind === "missed" ? [] : [button("both", this.w.both)]), button("neither", this.w.neither)),
        one.decided ? el("small", {}, `${this.w.decided}: ${this.w[one.decided]}`) : null);
    }));
    if (cases.some((one) => one.kind === "same" && !one.decided)) {
      this.tree.prepend(el("button", { type: "button", "data-do": "takeSame", onclick: () => this.do("decide", { take: "first" }) }, this.w.takeSame));
    }
    if (!cases.length) this.tree.append(el("p", {}, this.w.noCases));
    this.tree.scrollTop = at;
  }

  // -- keys
  key(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      if (this.picker.hidden) { this.range = null; this.chosen = null; this.focus = null; this.emphasise(); this.showRange(); this.drawPassage(); }
      else { this.closePicker(true); return event.stopPropagation(); }
      if (this.tab === "list") this.closeList(); else this.paper.focus({ preventScroll: true });
      return event.stopPropagation();
    }
    if (this.tab === "list" && this.listKey(event)) return event.stopPropagation();
    if (event.target.closest("input:not([type=checkbox]),textarea,select")) return event.stopPropagation();
    const does = this.command(event);
    if (!does) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  }
  command(event) {
    const { key, shiftKey: shift, altKey: alt } = event;
    const held = event.ctrlKey || event.metaKey;
    if (held) return { z: () => (shift ? this.redo() : this.undo()), y: () => this.redo() }[key.toLowerCase()];
    const onButton = event.target.closest("button,summary,.qq-interviews,.qq-side");
    if (onButton && ["Enter", " ", "ArrowDown", "ArrowUp"].includes(key)) return null;
    if (key === "ArrowDown" || key === "ArrowUp") return () => this.step(key === "ArrowDown" ? 1 : -1, shift);
    if ((key === "ArrowLeft" || key === "ArrowRight") && alt) return () => this.word(key === "ArrowRight" ? 1 : -1);
    if (/^[1-9]$/.test(key)) return () => this.recent[key - 1] && this.give(this.recent[key - 1]);
    if (alt) return null;
    return {
      Enter: () => this.pick(), c: () => this.pick(), o: () => this.cycle(), s: () => this.split(), e: () => this.bounds(),
      m: () => this.chosenMemo(), u: () => (shift ? this.redo() : this.undo()), n: () => this.nextUncoded(), r: () => this.markRead(),
      g: () => this.nextSuggestion(), y: () => this.judge("accept"), x: () => this.judge("reject"), "/": () => { this.showTab("codes"); this.searchBox.focus(); },
      p: () => this.passagesOf(this.coding(this.chosen)?.code ?? this.focus), f: () => this.find(), a: () => this.reread(),
      "?": () => this.toggleHelp(), Delete: () => this.removeChosen(), Backspace: () => this.removeChosen(),
    }[key.length === 1 ? key.toLowerCase() : key];
  }
  chosenMemo() {
    const coding = this.codings.get(this.chosen);
    if (coding) this.writeMemo({ coding: coding.id }, coding.memo); else this.writeMemo({ note: this.note.interview }, this.note.memo);
  }
  async removeChosen() { if (this.codings.has(this.chosen)) await this.do("remove", { coding: this.chosen }); }
  end() {
    this.model.off("msg:custom", this.listener);
    this.watch?.disconnect();
    this.sizes?.disconnect();
  }
}

const slug = (text) => plain(text).replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "");

// what stands in the saved notebook is hidden while the surface itself is there
function hideStatic(place, tries = 40) {
  const area = place.closest(".jp-OutputArea");
  if (area) for (const beside of area.querySelectorAll(".qq-static")) beside.hidden = true;
  else if (tries) setTimeout(() => hideStatic(place, tries - 1), 100); // not in the page yet
}

function render({ model, el: place }) {
  const root = document.createElement("div");
  root.className = "qq-annotate";
  root.tabIndex = -1;
  root.dataset.lmSuppressShortcuts = "true"; // Lab's one-letter commands stay out
  place.append(root);
  hideStatic(place);
  const surface = new Surface(model, root);
  root.qqSurface = surface;
  surface.start();
  return () => surface.end();
}

export default { render };
