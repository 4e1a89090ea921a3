"""How long each chart takes to draw: nine people, and 500 people x 40 codes x 6 rounds.

Time of the processor, drawn and written as PNG, so that other work on the machine does not count.
Beside it what other libraries take for the same picture (peers.py), where they run; another
Python may be named for those that do not run in this one.

Run: python benchmarks/plots/bench_charts.py [python of the peers]
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

import quidqual as qq
from quidqual.sample_size.saturation import saturation

STATES = ["doubt", "between", "settled"]


def presence_of(n: int, n_codes: int, n_rounds: int) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    people = np.array([f"P{i + 1}" for i in range(n)])
    p, r, c = (axis.ravel() for axis in np.indices((n, n_rounds, n_codes)))
    held = rng.random((n, n_rounds)) > 0.1
    rounds = [f"R{i + 1}" for i in range(n_rounds)]
    codes = [f"code_{i:02d}" for i in range(n_codes)]
    likely = 0.9 - 0.8 * c / n_codes
    state = np.where(~held[p, r], 2, (rng.random(len(p)) > likely).astype(int))
    return pd.DataFrame({
        "participant": people[p],
        "group": np.array(["north", "south", "west"])[p % 3],
        "round": pd.Categorical.from_codes(r, rounds, ordered=True),
        "code": pd.Categorical.from_codes(c, codes, ordered=True),
        "theme": "t",
        "state": pd.Categorical.from_codes(state, ["present", "absent", "not_observed"]),
        "reason": np.where(held[p, r], "", "missed"),
        "interview": np.char.add(np.char.add(people[p], "-"), np.array(rounds)[r]),
        "corpus": "synthetic",
    })  # fmt: skip


def states_of(presence: pd.DataFrame) -> pd.DataFrame:
    first = presence["code"].cat.codes == 0
    frame = presence[first].reset_index(drop=True)
    place = np.random.default_rng(3).integers(0, 3, len(frame))
    words = np.where(frame["state"] == "not_observed", "not_observed", np.array(STATES)[place])
    frame["state"] = pd.Categorical(words, [*STATES, "not_observed"], ordered=True)
    return frame


def interviews_of(presence: pd.DataFrame) -> pd.DataFrame:
    frame = presence[presence["code"].cat.codes == 0].reset_index(drop=True)
    day = frame["round"].cat.codes * 40 + np.arange(len(frame)) % 30
    frame["date"] = pd.Timestamp("2021-05-01") + pd.to_timedelta(day, unit="D")
    frame["status"] = np.where(frame["state"] == "not_observed", "missed", "held")
    return frame.assign(language="it", mode="in_person")


def pairs_of(presence: pd.DataFrame) -> pd.DataFrame:
    codes = list(presence["code"].cat.categories)
    rows = [(a, b, 2 + (i * j) % 9, 20, 20, 0.1 * ((i + j) % 10))
            for i, a in enumerate(codes) for j, b in enumerate(codes) if i < j]  # fmt: skip
    columns = ["a", "b", "together", "n_a", "n_b", "jaccard"]
    return pd.DataFrame(rows, columns=columns).assign(corpus="synthetic")


def charts(n: int, n_codes: int, n_rounds: int) -> dict[str, Callable[[], Figure]]:
    presence = presence_of(n, n_codes, n_rounds)
    by_code, by_round = qq.prevalence(presence), qq.prevalence(presence, by=("code", "round"))
    states, timetable, pairs = states_of(presence), interviews_of(presence), pairs_of(presence)
    found = saturation(presence)
    few = list(presence["code"].cat.categories[:6])
    words = pd.DataFrame({"word": [f"word{i}" for i in range(2000)], "z": np.linspace(3, -3, 2000)})
    coded = pd.DataFrame({"code": presence["code"].cat.categories, "coefficient": "alpha"}).assign(
        value=0.8, low=0.4, high=0.9, method="bootstrap (interviews)", n_pairable=99, n_clusters=13
    )
    # A typeset table is a page: nine people, two rounds.
    here = presence["participant"].isin([f"P{i + 1}" for i in range(9)])
    page = presence[here & presence["round"].isin(["R1", "R2"])]
    cells = page.assign(theme=page["code"], summary="trusts a few people at work, slowly")
    claims = pd.DataFrame({"claim": [f"R{i}" for i in range(n_codes)], "stated": "3 of 4",
                           "computed": "3 of 4", "verdict": "reproduced (synthetic)"})  # fmt: skip
    return {
        "tiles": lambda: qq.plot.tiles(presence),
        "icons": lambda: qq.plot.icons(presence),
        "trajectories": lambda: qq.plot.trajectories(presence),
        "change_bars": lambda: qq.plot.change_bars(presence),
        "prevalence": lambda: qq.plot.prevalence(by_code),
        "heat": lambda: qq.plot.heat(by_round),
        "states": lambda: qq.plot.states(states),
        "interview_timeline": lambda: qq.plot.interview_timeline(timetable),
        "alluvial": lambda: qq.plot.alluvial(states),
        "upset": lambda: qq.plot.upset(presence, codes=few),
        "cooccurrence_matrix": lambda: qq.plot.cooccurrence_matrix(pairs),
        "cooccurrence_network": lambda: qq.plot.cooccurrence_network(pairs),
        "saturation": lambda: qq.plot.saturation(found),
        "slope": lambda: qq.plot.slope(by_round),
        "bump": lambda: qq.plot.bump(by_round),
        "keyness": lambda: qq.plot.keyness(words),
        "agreement_forest": lambda: qq.plot.agreement_forest(coded),
        "framework_matrix": lambda: qq.plot.framework_matrix(cells, themes=few[:3]),
        "ledger": lambda: qq.plot.ledger(claims),
    }


def seconds(make: Callable[[], Figure]) -> tuple[float, float]:
    """Time one figure, drawn and written; give its height too."""
    begin = time.process_time()
    figure = make()
    figure.savefig(io.BytesIO(), format="png", dpi=150)
    return time.process_time() - begin, float(figure.get_size_inches()[1]) * 25.4


def peers(python: str, shape: tuple[int, int, int]) -> dict[str, str]:
    """Run the other libraries in a Python of theirs."""
    script = Path(__file__).with_name("peers.py")
    command = [python, str(script), *map(str, shape)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(line.split("\t") for line in done.stdout.splitlines())


def main() -> None:
    python = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    for shape, limit in (((9, 8, 4), 0.5), ((500, 40, 6), 2.0)):
        print(f"{shape[0]} people x {shape[1]} codes x {shape[2]} rounds (limit {limit} s)")
        ours = {}
        for name, make in charts(*shape).items():
            make()  # what a first call loads is no part of a chart
            ours[name], height = seconds(make)
            over = "  OVER" if ours[name] > limit else ""
            print(f"  {name:22s} {ours[name]:6.2f} s  {height:6.0f} mm high{over}")
        for name, taken in peers(python, shape).items():
            own = ours[name.split(":")[0]]
            ratio = "" if "not" in taken else f" s, {float(taken) / own:5.1f} x ours"
            print(f"  {name:34s} {taken}{ratio}")


if __name__ == "__main__":
    main()
