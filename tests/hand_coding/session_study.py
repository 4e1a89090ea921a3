"""A study on the disk to be coded in: two coders, hostile words, a codebook with comments."""

from __future__ import annotations

from itertools import count

import quidqual as qq
from quidqual.hand_coding.session import coding_session

NOTES = {
    "P1-R1": "She came early. She came late.\n\nShe said: “I trust nobody 🙂.” Perché no?\n",
    "P1-R2": "Later she said: “I trust one of them.” It was late.\n",
    "P2-R1": "Er sagt: <script>alert('x')</script> & $x^2$. \u202eDanach\u202c ging er.\n",
}
CODEBOOK = """\
# The codebook of a test.
codes:
# ------------------------- ties
- id: ties            # a theme
  label: {en: Ties, it: Legami}
  codable: false
- id: trust           # the first code
  parent: ties
  label: {en: Trust}
  definition: >
    Speaks of relying
    on others.
# no code was forgotten here
- id: distrust
  parent: ties
  definition: "Cannot: trust"

# ------------------------- daily
- id: daily
  codable: false
- {id: work, parent: daily, label: {en: Work}}
# the end of the codes
constructs:
- id: course          # ordered
  states:
  - {id: before, any_of: [distrust]}
  - {id: after, any_of: [trust, work]}
"""
CLAIMS = """\
claims:
# one claim
- id: C1
  kind: prevalence
  summary: One of two speaks of trust.
  stated: {k: 1, n: 2}
  check: {measure: prevalence, codes: [trust], rounds: [R1], k: 1, n: 2}  # checked
  against: [distrust]
"""
MARKS = [
    ("A", "P1-R1", "I trust nobody 🙂", "distrust"),
    ("A", "P1-R1", "She came early.", "work"),
    ("A", "P1-R2", "I trust one of them", "trust"),
    ("B", "P1-R1", "She said: “I trust nobody 🙂.”", "trust"),
    ("B", "P1-R2", "“I trust one of them.”", "trust"),
]


def make_folder(path, *, marks=MARKS):
    study = qq.Study.from_tables(
        title="Small",
        corpus="synthetic",
        settings={"uncoded": "absent"},
        rounds=[{"round": "R1"}, {"round": "R2"}],
        participants=[{"participant": p, "group": "all"} for p in ("P1", "P2")],
        interviews=[
            {"interview": "P1-R1", "participant": "P1", "round": "R1"},
            {"interview": "P1-R2", "participant": "P1", "round": "R2"},
            {"interview": "P2-R1", "participant": "P2", "round": "R1"},
            {"interview": "P2-R2", "participant": "P2", "round": "R2", "status": "missed"},
        ],
        notes=NOTES,
        codebook=[{"id": c} for c in ("ties", "trust", "distrust", "daily", "work")],
        codings=[
            {
                "coder": coder,
                "interview": i,
                "start": NOTES[i].index(words),
                "end": NOTES[i].index(words) + len(words),
                "code": code,
            }
            for coder, i, words, code in marks
        ],
    )
    study.save(path)
    (path / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (path / "claims.yaml").write_text(CLAIMS, encoding="utf-8")
    return path


def ticking():
    """A clock that goes on by a second each time it is asked."""
    seconds = count()
    return lambda: f"2027-01-01T{(n := next(seconds)) // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z"


def session(path, coder="A", **options):
    return coding_session(path, coder=coder, clock=options.pop("clock", ticking()), **options)


def contents(path):
    """Every file that is no log, and what stands at the end of each log."""
    study = qq.open_study(path)
    files = {
        str(p.relative_to(path)): p.read_bytes()
        for p in sorted(path.rglob("*"))
        if p.is_file() and p.suffix in (".yaml", ".md", ".csv", ".toml")
    }
    table = study.codings.drop(columns="at").sort_values("id", ignore_index=True)
    reads = sorted(zip(study.reads["coder"], study.reads["interview"], strict=True))
    return files, table.astype(object).where(table.notna(), None).to_dict("records"), reads
