"""What a notebook shows for the frames of the analysis: what a person looks at first.

A frame that a function of this package made carries the name of its face in ``attrs``, and is
else a plain DataFrame. `show_frames_in` tells a notebook to ask `frame_html` for it; a frame
whose columns were chosen by hand, or that is of anyone else's making, looks as pandas has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from quidqual.faces.html_face import CORPUS, Said, codebook_html, plain_table, study_html
from quidqual.study.codebook import Codebook
from quidqual.study.faced import FACE
from quidqual.study.wording import corpus_and_reading, counted

if TYPE_CHECKING:
    import pandas as pd

_MOST_PEOPLE = 12
GLYPH = {"present": "●", "absent": "○", "not_observed": "×"}
_LEGEND = "● present, ○ absent, × not observed; in the order of the rounds"
Face = Callable[["pd.DataFrame", int], str]


def frame_html(frame: pd.DataFrame, *, most: int = 60) -> str | None:
    """Give the face of a frame; None if it has none, or its columns were chosen by hand.

    Of more than ``most`` rows the first are shown, and the others counted.

    Examples
    --------
    >>> import quidqual as qq
    >>> table = qq.presence(qq.load_example("small"))
    >>> "● present, ○ absent, × not observed" in frame_html(table)
    True
    >>> frame_html(table[["code", "state"]])
    """
    kind = frame.attrs.get(FACE)
    face, needed = _FACES.get(kind, (None, ())) if isinstance(kind, str) else (None, ())
    if face is None or not frame.columns.is_unique or not {*needed} <= {*frame.columns}:
        return None
    return face(frame, most)


def face_of(shown: Any, **options: Any) -> str | None:
    """Draw the face of a study, a codebook or a frame; None if a frame has none."""
    if hasattr(shown, "columns"):
        return frame_html(shown, **options)
    return (codebook_html if isinstance(shown, Codebook) else study_html)(shown)


def show_frames_in(shell: Any) -> None:
    """Let a notebook's shell show the frames of this package by their faces, others as before."""
    formatter = shell.display_formatter.formatters["text/html"]
    for module in ("pandas", "pandas.core.frame"):
        before: list[Any] = []

        def printed(frame: pd.DataFrame, before: list[Any] = before) -> Any:
            html = frame_html(frame)
            if html is not None:
                return html
            return before[0](frame) if before[0] else frame._repr_html_()

        before.append(formatter.for_type_by_name(module, "DataFrame", printed))


def corpus_line(frame: pd.DataFrame) -> str:
    """Say whether notes are synthetic or real, for the line above a table."""
    marks = dict.fromkeys(str(mark) for mark in frame["corpus"]) if "corpus" in frame else {}
    return "; ".join(map(said_of, marks))


def said_of(mark: str) -> str:
    """Say what the mark of a table says: the notes, and the reading if one was chosen."""
    corpus, reading = corpus_and_reading(mark)
    said = CORPUS.get(corpus, corpus)
    return f"{said}. Reading: {reading}" if reading else said


def _told(frame: pd.DataFrame, text: str, *, below: str = "") -> tuple[str, str]:
    corpus = corpus_line(frame)
    head = f"<p>{escape(text)}{f' ({escape(corpus)})' if corpus else ''}</p>"
    return head, f"<small>{escape(below)}</small>" if below else ""


def _names(frame: pd.DataFrame, column: str) -> list[str]:
    """Values in their order: of a Categorical the order of its categories."""
    values = frame[column]
    there = [str(value) for value in values.unique()]
    if hasattr(values, "cat"):
        return [str(value) for value in values.cat.categories if str(value) in there]
    return there


def _cut(rows: Sequence[Any], what: str, most: int) -> tuple[Sequence[Any], str]:
    more = len(rows) - most
    return rows[:most], f"; and {counted(more, what)} more" if more > 0 else ""


def _presence(frame: pd.DataFrame, most: int) -> str:
    people, rounds, codes = (_names(frame, c) for c in ("participant", "round", "code"))
    numbers = {str(state): n for state, n in frame["state"].value_counts().items()}
    told = ", ".join(f"{numbers.get(s, 0):,} {s.replace('_', ' ')}" for s in GLYPH)
    size = f"{counted(len(people), 'participant')}, {counted(len(rounds), 'round')}, "
    present = set(_names(frame[frame["state"] == "present"], "code"))
    silent = [code for code in codes if code not in present]
    shown, more = _cut([code for code in codes if code in present], "code", most)
    below = _LEGEND if len(people) <= _MOST_PEOPLE else "participants: present of observed"
    below += more
    if silent:
        below += f". Nowhere present: {_some(silent)}"
    cells = frame.loc[frame["code"].isin(shown), ["code", "participant", "round", "state"]]
    if len(people) <= _MOST_PEOPLE:
        known = cells.astype(str).itertuples(index=False, name=None)
        state = {(c, p, r): s for c, p, r, s in known}
        rows = [
            [code, *(_course((r, state.get((code, p, r), "")) for r in rounds) for p in people)]
            for code in shown
        ]
        head = ["code", *people]
    else:
        sizes = cells.groupby(["code", "round", "state"], observed=True).size()
        counts = {tuple(map(str, place)): int(n) for place, n in sizes.items()}
        rows = [[code, *(_of(counts, code, r) for r in rounds)] for code in shown]
        head = ["code", *rounds]
    top, under = _told(frame, f"{size}{counted(len(codes), 'code')}: {told}", below=below)
    return top + plain_table(head, rows) + under


def _of(counts: dict[Any, int], code: str, time: str) -> str:
    k, absent, unseen = (counts.get((code, time, state), 0) for state in GLYPH)
    told = f"{k} of {k + absent}" if k + absent else "×"
    return f"{told}, {unseen} not observed" if unseen else told


def _course(states: Iterable[tuple[str, str]]) -> Said:
    known = [(time, state) for time, state in states if state]
    text = "".join(GLYPH.get(state, state) for _, state in known)
    return Said(text, ", ".join(f"{t} {state.replace('_', ' ')}".strip() for t, state in known))


def _some(names: Sequence[str], limit: int = 12) -> str:
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more


def _change(frame: pd.DataFrame, most: int) -> str:
    people, codes = _names(frame, "participant"), _names(frame, "code")
    kinds = frame["simple"].astype(str)
    counts = kinds.value_counts()
    order = [k for k in _names(frame, "simple") if counts.get(k, 0)]
    told = f"{counted(len(people), 'participant')}, {counted(len(codes), 'code')}: "
    told += ", ".join(f"{counts[kind]:,} {kind}" for kind in order)
    seen = set(frame.loc[frame["n_present"].fillna(0) > 0, "code"].astype(str))
    shown, more = _cut([code for code in codes if code in seen], "code", most)
    silent = [code for code in codes if code not in seen]
    below = (_LEGEND if len(people) <= _MOST_PEOPLE else "number of participants") + more
    if silent:
        below += f". Nowhere present: {_some(silent)}"
    some = frame[frame["code"].astype(str).isin(set(shown))]
    if len(people) <= _MOST_PEOPLE:
        columns = [some[c].astype(str) for c in ("code", "participant", "pattern", "simple")]
        cell = {(c, p): (pattern, kind) for c, p, pattern, kind in zip(*columns, strict=True)}
        rows = [[code, *(_kind(cell.get((code, p))) for p in people)] for code in shown]
        head = ["code", *people]
    else:
        sizes = some.assign(code=some["code"].astype(str), simple=some["simple"].astype(str))
        number = sizes.groupby(["code", "simple"]).size().to_dict()
        rows = [[code, *(str(number.get((code, kind), "")) for kind in order)] for code in shown]
        head = ["code", *order]
    top, under = _told(frame, told, below=below)
    return top + plain_table(head, rows) + under


def _kind(cell: tuple[str, str] | None) -> Said | str:
    if cell is None:
        return ""
    pattern, kind = cell
    course = _course(("", state) for state in pattern.split(" > "))
    plain = kind in ("never", "not observed")  # the signs say it
    return Said(course.text if plain else f"{course.text}\n{kind}", f"{course.said}: {kind}")


_COUNTS = ("k", "n", "n_not_observed", "n_volunteered", "n_unread", "share", "low", "high",
           "label", "denominator", "interval", "corpus")  # fmt: skip


def _prevalence(frame: pd.DataFrame, most: int) -> str:
    keys = [c for c in frame.columns if c not in _COUNTS]
    across = "round" if "round" in keys and len(keys) > 1 else None
    down = [key for key in keys if key != across]
    rounds = _names(frame, "round") if across else ["k of n"]
    cells: dict[tuple[str, ...], dict[str, str]] = {}
    for row in frame.to_dict("records"):
        place = tuple(str(row[key]) for key in down)
        cells.setdefault(place, {})[str(row["round"]) if across else rounds[0]] = _share(row)
    shown, more = _cut(list(cells), "row", most)
    rows = [[*place, *(cells[place].get(r, "") for r in rounds)] for place in shown]
    what = str(frame["denominator"].iloc[0]) if len(frame) else "participants"
    told = f"Of how many {what} it was coded"
    how = str(frame["interval"].iloc[0]) if len(frame) else "none"
    below = f"with the {how.replace('_', '-').capitalize()} interval" if how != "none" else ""
    below += f"; ×: {what} not observed, in no denominator" if frame["n_not_observed"].sum() else ""
    top, under = _told(frame, told, below=(below + more).removeprefix("; "))
    return top + plain_table([*down, *rounds], rows) + under


def _share(row: dict[Any, Any]) -> str:
    k, n, unseen = int(row["k"]), int(row["n"]), int(row["n_not_observed"])
    bar = f" {'●' * k}{'○' * (n - k)}" if 0 < n <= _MOST_PEOPLE and k <= n else ""
    text = f"{row['label']}{bar}"
    if n and row["low"] == row["low"]:
        text += f"\n{100 * row['low']:.0f}–{100 * row['high']:.0f}\u00a0%"
    return f"{text}, {unseen}\u00a0×" if unseen and n else text


def _words_of(frame: pd.DataFrame) -> str:
    return "words" if "words" in frame else "exact"


def _quotes(frame: pd.DataFrame, most: int) -> str:
    words = _words_of(frame)
    if words not in frame:
        return ""
    about = [c for c in ("claim", "side", "code") if c in frame and (frame[c] != "").any()]
    further = [c for c in ("coder", "memo") if c in frame and (frame[c].fillna("") != "").any()]
    further += ["probability"] * ("probability" in frame)
    shown = frame.head(most)
    rows = [
        [_who(row), _quoted(row, words), *(_plain(row[c]) for c in (*about, *further))]
        for row in shown.to_dict("records")
    ]  # fmt: skip
    _, more = _cut(range(len(frame)), "passage", most)
    told = counted(len(frame), "passage")
    if "participant" in frame:
        told += f" of {counted(frame['participant'].nunique(), 'participant')}"
    below = "“ ” a participant's own words; without marks, the researcher's paraphrase" + more
    top, under = _told(frame, told, below=below)
    return top + _breaking(plain_table(["who", "words", *about, *further], rows)) + under


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:.2f}"
    return "" if value is None else str(value)


def _who(row: dict[Any, Any]) -> str:
    if "participant" in row and "round" in row:
        return f"{row['participant']}\u00a0{row['round']}"
    return str(row.get("interview", ""))


def _quoted(row: dict[Any, Any], words: str) -> str:
    text = str(row[words])
    speech = str(row.get("speech", ""))
    bare = text.strip("“”„«»\"'‘’ ")
    if speech == "verbatim":
        return f"“{bare}”"
    return f"{text}\n(with own words in it)" if speech == "mixed" else text


def _concordance(frame: pd.DataFrame, most: int) -> str:
    rows = []
    for row in frame.head(most).to_dict("records"):
        left, hit, right = (str(row[c]).replace("\n", " ") for c in ("left", "match", "right"))
        rows.append([_who(row), left, hit, right, str(row.get("speech", ""))])
    _, more = _cut(range(len(frame)), "match", most)
    told = f"{len(frame):,} match{'es' * (len(frame) != 1)}"
    top, under = _told(frame, told, below=more.removeprefix("; "))
    table = _breaking(plain_table(["who", "before", "match", "after", "speech"], rows))
    return top + table + under


def _ledger(frame: pd.DataFrame, most: int) -> str:
    verdicts = frame["verdict"].astype(str).value_counts(sort=False)
    told = f"{counted(len(frame), 'claim')}: " if len(frame) else "no claims"
    told += ", ".join(f"{n} {verdict}" for verdict, n in verdicts.items())
    names = ["summary", "stated", "computed", "verdict", "page", "claim"]
    rows, more = _cut(frame[names].astype(str).values.tolist(), "claim", most)
    top, under = _told(frame, told, below=more.removeprefix("; "))
    return top + _breaking(plain_table(names, rows, scope_row=False)) + under


def _matrix(frame: pd.DataFrame, most: int) -> str:
    head = [*(str(name) for name in frame.index.names), *(str(c) for c in frame.columns)]
    rows = [
        [*_labels(index), *("" if cell != cell else str(cell) for cell in row)]
        for index, row in zip(frame.index, frame.to_numpy(dtype=object), strict=True)
    ]
    return _breaking(plain_table(head, rows[:most]))


def _breaking(table: str) -> str:
    """Let long names break where a narrow page leaves them no room."""
    return f'<div style="overflow-wrap:anywhere">{table}</div>'


def _labels(index: Any) -> Iterator[str]:
    return (str(part) for part in (index if isinstance(index, tuple) else (index,)))


_FACES: dict[str, tuple[Face, tuple[str, ...]]] = {
    "presence": (_presence, ("participant", "round", "code", "state", "reason")),
    "prevalence": (_prevalence, _COUNTS),
    "change": (_change, ("participant", "code", "pattern", "kind", "simple", "n_present")),
    "quotes": (_quotes, ("interview", "start", "end", "corpus")),
    "concordance": (_concordance, ("left", "match", "right", "start", "end")),
    "ledger": (_ledger, ("claim", "summary", "stated", "computed", "verdict", "page", "who")),
    "matrix": (_matrix, ()),
}
