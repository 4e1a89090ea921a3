"""What holds for the whole project: dependencies, doors between rooms, size of files, marks."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version

import pytest
import yaml

ROOMS = ("study", "coding", "analysis", "plots", "findings", "cli")
WINGS = (
    "agreement", "cues", "exact", "faces", "hand_coding", "interchange", "more_analyses", "more_charts",
    "pattern_review", "privacy", "publishing", "queries", "reporting", "sample_size", "scale", "sequences",
    "suggestions", "widget", "word_use",
)  # fmt: skip


def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]


def test_environment_yml_says_what_pyproject_says(root):
    environment = yaml.safe_load((root / "environment.yml").read_text("utf-8"))
    pip = environment["dependencies"][-1]["pip"]
    stated = project(root)
    bounds = {re.split(r"[><=\[]", line)[0]: line for line in stated["dependencies"]}
    for extra in stated["optional-dependencies"].values():
        bounds |= {re.split(r"[><=\[]", line)[0]: line for line in extra}
    card = ["jupyterlab", "pandas", "spacy", "scikit-learn", "matplotlib", "seaborn", "nbval"]
    assert pip[:-1] == [bounds[name] for name in card]
    assert pip[-1].startswith("-e .[notebooks")
    assert environment["dependencies"][0] == f"python{stated['requires-python']}"


def test_lock_is_hashed_universal_and_names_no_index(root):
    lock = (root / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    packages = re.findall(r"(?m)^([a-z0-9.-]+)(?:\[[^]]*\])?==", lock)
    blocks = re.split(r"(?m)^(?=[a-z0-9.-]+(?:\[[^]]*\])?==)", lock)[1:]
    assert len(blocks) == len(packages)
    assert all("--hash=sha256:" in block for block in blocks)
    assert re.search(r"win32|'nt'", lock), "not compiled for all systems"
    for line in project(root)["dependencies"]:
        assert re.split(r"[><=\[]", line)[0].replace(".", "-") in packages


def test_majors_are_what_we_build_on():
    majors = {
        name: version(name) for name in ("pandas", "numpy", "matplotlib", "spacy", "scikit-learn")
    }
    print(majors)
    assert int(majors["pandas"].split(".")[0]) >= 3
    assert int(majors["numpy"].split(".")[0]) >= 2


def test_importing_costs_nothing():
    code = (
        "import sys, quidqual\n"
        "heavy = {'spacy', 'sklearn', 'matplotlib', 'scipy', 'pandas', 'numpy', 'dask', 'lxml'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_public_name_resolves():
    import quidqual as qq

    for name in qq.__all__:
        assert getattr(qq, name) is not None, name
    assert set(dir(qq)) >= set(qq.__all__)
    with pytest.raises(AttributeError, match="no public name 'nonsense'"):
        qq.nonsense  # noqa: B018


def imported_rooms(path):
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "quidqual" and len(parts) > 1:
                yield parts[1]


def test_data_flows_one_way(root):
    """A room imports only from itself and from rooms to its left."""
    wrong = []
    for place, room in enumerate(ROOMS):
        for path in (root / "quidqual" / room).rglob("*.py"):
            wrong += [
                f"{path.relative_to(root)} -> {other}"
                for other in imported_rooms(path)
                if other in ROOMS and ROOMS.index(other) > place
            ]
    assert wrong == []


def test_the_core_imports_no_wing(root):
    """Only the command line, which is the outermost room, may ask a wing."""
    core = [room for room in ROOMS if room != "cli"]
    found = {
        f"{path.relative_to(root / 'quidqual')} -> {other}"
        for room in core
        for path in (root / "quidqual" / room).rglob("*.py")
        for other in imported_rooms(path)
        if other in WINGS
    }
    assert found == set()


def test_no_file_name_stands_twice(root):
    stems = [p.stem for p in (root / "quidqual").rglob("*.py") if p.stem != "__init__"]
    twice = {stem for stem in stems if stems.count(stem) > 1}
    assert twice == set(), "a name says which room it is: rename one of the two"


def test_the_wings_are_all_named(root):
    import quidqual as qq

    folders = {p.parent.name for p in (root / "quidqual").glob("*/__init__.py")}
    assert folders == {*ROOMS, *WINGS, "examples"}
    assert set(WINGS) == set(qq._WINGS)


def test_a_file_holds_one_subject(root):
    long = {
        str(p.relative_to(root)): n
        for p in (root / "quidqual").rglob("*.py")
        if (n := len(p.read_text("utf-8").splitlines())) > 450
    }
    assert long == {}


def test_no_rooms_for_odds_and_ends(root):
    names = {p.stem for p in (root / "quidqual").rglob("*.py")}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc", "manager"}


def test_every_output_says_synthetic(root):
    tables = [p for p in (root / "figures").glob("*.csv")]
    assert tables
    for path in tables:
        lines = path.read_text("utf-8").splitlines()
        assert all(line.endswith("synthetic") or line.startswith("#") for line in lines[1:]), (
            path.name
        )
    for path in (root / "figures").glob("*.svg"):
        assert "ynthetic" in path.read_text("utf-8"), path.name


def test_the_core_asks_wings_for_what_the_page_says(root):
    """By name, in one way, and for nothing else."""
    asked = {
        match
        for room in ROOMS
        for path in (root / "quidqual" / room).rglob("*.py")
        for match in re.findall(r"\bwing\((?:_\w+|\"([\w.]+)\")\)", path.read_text("utf-8"))
    }
    assert {name.split(".")[0] for name in asked if name} == {"cues", "faces", "reporting"}
    page = (root / "docs" / "contributing.md").read_text("utf-8")
    assert "(`privacy`)" in page  # whose name the release gate keeps
    assert all(f"(`{name.split('.')[0]}`)" in page for name in asked if name)
    tables = {
        str(path.relative_to(root / "quidqual"))
        for room in ROOMS
        for path in (root / "quidqual" / room).rglob("*.py")
        if re.search(rf"\"quidqual\.(?:{'|'.join(WINGS)})\.", path.read_text("utf-8"))
    }
    assert tables == {"cli/__init__.py", "plots/__init__.py"}
