"""The list of mutants itself."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from run import ROOT, load


def test_every_mutant_still_fits_the_code():
    """Each mutant's text occurs exactly once in its file, there are some thirty, and their tests exist."""
    mutants = load()
    assert len(mutants) >= 30
    assert len({mutant.name for mutant in mutants}) == len(mutants)
    assert [m.name for m in mutants for test in m.tests if not (ROOT / test).exists()] == []


def test_no_mutant_leaves_the_code_as_it_is():
    """What replaces a text is another one."""
    assert [mutant.name for mutant in load() if mutant.old == mutant.new] == []
