"""`quidqual tag`: the codebook's patterns in a study, in any text, or in a corpus."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quidqual.cli.study_option import REPLACE

if TYPE_CHECKING:
    import pandas as pd

    from quidqual.study.model import Study


def add_commands(commands: Any) -> None:
    """Add the command."""
    tag = commands.add_parser("tag", help="find the codebook's patterns in a study, text or corpus")
    tag.add_argument(
        "source", nargs="?", type=Path,
        help="text file, folder of texts or tables, or study (default: that of --study)",
    )  # fmt: skip
    tag.add_argument(
        "--study", "--codebook", dest="study", type=Path,
        help="study folder whose codebook is used (default: the synthetic example)",
    )  # fmt: skip
    tag.add_argument(
        "--language", help="of a text or corpus, such as en (default: told by its words)"
    )
    tag.add_argument("--out", type=Path, help="CSV of all hits, or for a corpus a folder")
    tag.add_argument("--scheduler", help="address of a Dask scheduler, for a corpus")
    tag.add_argument("--replace", action="store_true", help=REPLACE)
    tag.set_defaults(run=_tag)


def _tag(chosen: argparse.Namespace) -> int:
    from quidqual.examples import open_study
    from quidqual.study.errors import QuidqualError

    source = chosen.source
    if source is not None and not source.exists():
        raise QuidqualError.of(
            "there is no such file or folder.", file=str(source),
            remedy="Give a text file, a folder of texts, or a study.",
        )  # fmt: skip
    if source is not None and source.is_dir() and not (source / "study.toml").is_file():
        return _corpus(chosen, open_study(chosen.study))
    if source is not None and source.is_file():
        study = open_study(chosen.study)
        hits = _text(source, study, chosen.language)
    else:
        study = open_study(source or chosen.study)
        hits = _study(study, chosen.language)
    if chosen.out:
        from quidqual.study.release_gate import write_result
        from quidqual.study.write_table import csv_text

        write_result(chosen.out, csv_text(hits), replace=chosen.replace, of=study)
        print(f"Wrote {chosen.out}")
    return 0


def _study(study: Study, language: str | None) -> pd.DataFrame:
    from quidqual.coding.tag import tag

    hits = tag(study, language=language)
    if len(hits):
        print(hits.groupby("code", observed=True).size().rename("hits").to_string())
    print(f"{len(hits)} hits in {study.title} ({study.corpus})")
    return hits


def _text(path: Path, study: Study, language: str | None) -> pd.DataFrame:
    from quidqual.scale.documents import section_counts, tag_file, text_beside_notes

    hits = tag_file(path, study, language=language)
    if hits.empty:
        print(f"No pattern of {study.title} matches in {path.name}.")
        return hits
    told = ", ".join(hits["language"].astype(str).unique())
    print(f"{path.name} (patterns in: {told}): hits by section and theme\n")
    table = section_counts(hits)
    table["section"] = [s[:40] if s else "(before any heading)" for s in table["section"]]
    print(table.to_string(index=False))
    print(f"\nBeside the notes of {study.title} ({study.corpus}):\n")
    beside = text_beside_notes(hits, study).drop(columns="corpus")
    for column in ("text", "notes"):
        n = int(beside[f"{column}_hits"].sum())
        shares = beside[f"{column}_share"]
        few = [f"{k} of {n}" for k in beside[f"{column}_hits"]]
        beside[f"{column}_share"] = few if n < 10 else [f"{share:.0%}" for share in shares]
    print(beside.to_string(index=False))
    flagged = int(hits["negated"].sum())
    print(
        f"\n{len(hits)} hits, {flagged} of them flagged as negated. A share is of all hits in the "
        "text, or in the notes.\nHits are words, not readings: look at each in its context."
    )
    return hits


def _corpus(chosen: argparse.Namespace, study: Study) -> int:
    from quidqual.scale.corpus import tag_corpus
    from quidqual.study.errors import QuidqualError

    if chosen.out is None:
        raise QuidqualError.of("a corpus needs a place for its results.", remedy="Give --out.")
    table = tag_corpus(
        chosen.source,
        chosen.out,
        study,
        language=chosen.language,
        scheduler=chosen.scheduler,
    )
    print(table.to_string(index=False))
    failed = int((table["status"] == "failed").sum())
    print(f"{len(table) - failed} of {len(table)} files tagged: {table['n_tags'].sum()} hits")
    if failed:
        print("Mend the files that failed and run the same command again: the rest is kept.")
    return 1 if failed else 0
