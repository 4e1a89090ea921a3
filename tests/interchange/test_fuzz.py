"""Some hundred damaged files of every format: read or refused, in time (the long run: benchmarks)."""

from __future__ import annotations

import importlib.util
import sys

import pytest

FILES_EACH = 12


@pytest.fixture(scope="module")
def fuzz(root):
    path = root / "benchmarks" / "interchange" / "fuzz.py"
    spec = importlib.util.spec_from_file_location("interchange_fuzz", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_damaged_files_of_every_format(fuzz, tmp_path):
    (tmp_path / "sound files").mkdir()
    names = list(fuzz.seeds(tmp_path / "sound files"))
    jobs = [(name, number) for number in range(FILES_EACH) for name in names]
    found = list(fuzz.outcomes(tmp_path, 1, jobs))
    foreign = [(o.name, o.number, o.what) for o in found if o.what not in ("read", "refused")]
    assert foreign == []
    assert max(o.seconds for o in found) < fuzz.SECONDS
    assert not any(o.leaked for o in found)
    assert {"read", "refused"} == {o.what for o in found}


def test_the_sound_files_are_read(fuzz, tmp_path):
    sound = fuzz.seeds(tmp_path)
    for number, (name, data) in enumerate(sound.items()):
        assert fuzz._outcome(tmp_path, name, number, data, sound).what == "read", name


def test_half_a_character_in_a_log_is_refused(fuzz, tmp_path):
    """The one file of the long run that gave an exception of another kind."""
    (found,) = fuzz.outcomes(tmp_path, 2, [("study/codings/Bea.jsonl", 114)])
    assert found.what == "refused"
