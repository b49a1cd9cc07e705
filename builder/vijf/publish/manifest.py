"""What the last build made, and from what: text, versioned, disposable.

    {"vijf-manifest":1,"version":"0.1.0","site":"<digest>"}
    {"unit":"shops/de-ketting","inputs":{"<content path>":"<digest>"},"summary":{...},"outputs":["<path>", ...]}
    {"end":"<digest of all before>"}

A lost, torn or foreign manifest is no manifest: it costs a full build, never a wrong page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vijf.publish.planned import PlanError, check
from vijf.publish.seal import seal, unseal

FORMAT = 1
"""Goes up when a line means something else; manifests of another format are not read."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the site that is made or kept as a whole, such as one shop.

    `inputs` are digests by content path, `summary` is JSON that other units need of this one, `outputs` are
    all its paths in the output folder.
    """

    name: str
    inputs: Mapping[str, str]
    summary: Mapping[str, Any]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """One build: the version of Vijf, the digest of what all units depend on, and the units by name."""

    version: str
    site: str
    units: Mapping[str, Unit]

    @classmethod
    def of(cls, version: str, site: str, units: Iterable[Unit]) -> Manifest:
        """Return the manifest of these units; two of one name raise `PlanError`."""
        by_name: dict[str, Unit] = {}
        for unit in units:
            if unit.name in by_name:
                raise PlanError(f"two units are called {unit.name!r}")
            by_name[unit.name] = unit
        return cls(version, site, by_name)

    def unit(self, name: str) -> Unit | None:
        """Return the unit called `name`, None where the build had none."""
        return self.units.get(name)

    @property
    def outputs(self) -> frozenset[str]:
        """Every path that the build wrote or kept."""
        return frozenset(path for unit in self.units.values() for path in unit.outputs)


def write(manifest: Manifest) -> bytes:
    """Return the text of a manifest: the same bytes for the same units, in whatever order they were made."""
    records: list[dict[str, Any]] = [
        {"vijf-manifest": FORMAT, "version": manifest.version, "site": manifest.site},
    ]
    for name, unit in sorted(manifest.units.items()):
        inputs = dict(sorted(unit.inputs.items()))
        records.append({"unit": name, "inputs": inputs, "summary": dict(unit.summary), "outputs": list(unit.outputs)})
    return seal(records)


def read(data: bytes) -> Manifest | None:
    """Return the manifest that `write` made, or None for every other sequence of bytes; raises nothing."""
    records = unseal(data)
    if not records or records[0].get("vijf-manifest") != FORMAT:
        return None
    version, site = records[0].get("version"), records[0].get("site")
    units = [_unit(record) for record in records[1:]]
    whole = [unit for unit in units if unit is not None]
    if not isinstance(version, str) or not isinstance(site, str) or len(whole) != len(units):
        return None
    try:
        return Manifest.of(version, site, whole)
    except PlanError:
        return None


def load(path: Path) -> Manifest | None:
    """Return the manifest in the file `path`; None where it is missing, can't be read or isn't one."""
    try:
        return read(path.read_bytes())
    except OSError:
        return None


def _unit(record: Mapping[str, Any]) -> Unit | None:
    """Decode one line; None where a field is missing or of another type, or a path could lead out of the site."""
    name, inputs = record.get("unit"), record.get("inputs")
    summary, outputs = record.get("summary"), record.get("outputs")
    if not isinstance(name, str) or not isinstance(inputs, dict) or not isinstance(summary, dict):
        return None
    if not all(isinstance(value, str) for value in inputs.values()) or not isinstance(outputs, list):
        return None
    try:
        for path in outputs:
            check(path)
    except PlanError:
        return None
    return Unit(name, inputs, summary, tuple(outputs))
