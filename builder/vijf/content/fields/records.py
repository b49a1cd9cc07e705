"""Lists, mappings whose keys are data, and mappings with known keys."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from vijf import limits
from vijf.content.fields.addresses import LANGUAGE
from vijf.content.fields.base import Field, Reading, Schema, nearest, scalar
from vijf.content.fields.texts import Markdown, Text
from vijf.content.nodes import NOWHERE, Mapping, Node, Scalar, Sequence, kind_of, shorten


class Many:
    """A list of `least` to `most` values of one kind, as a tuple; where `unique`, none may stand twice."""

    __slots__ = ("item", "least", "most", "unique")

    def __init__(self, item: Field, most: int = limits.LIST, *, least: int = 0, unique: bool = False) -> None:
        self.item, self.least, self.most, self.unique = item, least, most, unique

    def decode(self, node: Node, reading: Reading) -> tuple[Any, ...] | None:
        if type(node) is not Sequence:
            if scalar(node, reading, "a list") is not None:
                reading.faults.add(
                    node,
                    "type",
                    f"{kind_of(node)} stands where a list is wanted; write [{getattr(self.item, 'example', '...')}]",
                )
            return None
        if not self.least <= len(node.items) <= self.most:
            reading.faults.add(
                node, "list-length", f"{len(node.items)} entries; {self.least} to {self.most} are possible"
            )
            return None
        decode = self.item.decode
        values = []
        for item in node.items:
            value = decode(item, reading)
            if value is not None:
                values.append(value)
        if len(values) < len(node.items):
            return None
        if self.unique and len(set(values)) < len(values):
            twice = next(item for n, item in enumerate(node.items) if values[n] in values[:n])
            reading.faults.add(twice, "listed-twice", "stands in this list already; keep one")
            return None
        return tuple(values)

    def schema(self) -> Schema:
        schema: Schema = {"type": "array", "items": self.item.schema(), "maxItems": self.most}
        if self.least:
            schema["minItems"] = self.least
        if self.unique:
            schema["uniqueItems"] = True
        return schema


class Table:
    """A mapping whose keys are data (languages, days, aspects), each of the kind `key`, with values of one kind."""

    __slots__ = ("key", "most", "value")

    def __init__(self, key: Field, value: Field, most: int = limits.LIST) -> None:
        self.key, self.value, self.most = key, value, most

    def decode(self, node: Node, reading: Reading) -> dict[str, Any] | None:
        mapping = _mapping(node, reading)
        if mapping is None:
            return None
        if not 1 <= len(mapping.entries) <= self.most:
            reading.faults.add(
                node,
                "list-length",
                f"{len(mapping.entries)} entries; 1 to {self.most} are possible, or leave the key out",
            )
            return None
        decoded = {}
        sound = True
        for key_node, value_node in mapping.entries.values():
            key, value = self.key.decode(key_node, reading), self.value.decode(value_node, reading)
            if key is None or value is None:
                sound = False
            else:
                decoded[key] = value
        return decoded if sound else None

    def schema(self) -> Schema:
        return {
            "type": "object",
            "minProperties": 1,
            "maxProperties": self.most,
            "propertyNames": self.key.schema(),
            "additionalProperties": self.value.schema(),
        }


Build = Callable[[dict[str, Any], Mapping, Reading], Any]
Check = Callable[[dict[str, Any], Collection[str], Mapping, Reading], None]


class Record:
    """A mapping with known keys; `build` makes the model value of what was decoded, and may note further faults.

    `check` notes what is wrong between values; it is always called, with those that are sound, and the keys that are
    present. `build` is called only when there is no fault.
    """

    __slots__ = ("_decoders", "_needed", "build", "check", "fields", "required", "rules")

    def __init__(
        self,
        fields: dict[str, Field],
        build: Build,
        *,
        required: tuple[str, ...] = (),
        check: Check | None = None,
        rules: Schema | None = None,
    ) -> None:
        self.fields, self.build, self.required = fields, build, required
        self.check, self.rules = check, rules or {}
        self._needed = frozenset(required)
        self._decoders = {name: field.decode for name, field in fields.items()}

    def decode(self, node: Node, reading: Reading) -> Any:
        mapping = _mapping(node, reading)
        if mapping is None:
            return None
        if not mapping.entries:
            reading.faults.add(node, "empty", "is an empty mapping; fill it or leave the key out")
            return None
        values: dict[str, Any] = {}
        sound = True
        decoders = self._decoders
        for name, (key, node_) in mapping.entries.items():
            decode = decoders.get(name)
            if decode is None:
                reading.faults.add(
                    key,
                    "unknown-key",
                    f"`{shorten(name)}` is not a key here{nearest(name, list(self.fields))}; "
                    f"possible are {', '.join(self.fields)}",
                )
                sound = False
                continue
            value = decode(node_, reading)
            if value is None:
                sound = False
            else:
                values[name] = value
        for name in self.required:
            if name not in mapping.entries:
                reading.faults.add(node, "missing-key", f"`{name}` is missing; add it")
                sound = False
        if self.check is not None:
            before = len(reading.faults.found)
            self.check(values, mapping.entries, mapping, reading)
            sound = sound and len(reading.faults.found) == before
        return self.build(values, mapping, reading) if sound else None

    def from_values(self, values: dict[str, Any], reading: Reading) -> Any:
        """The same from values that the fields decoded without fault; of what is wrong between them no place is known.

        None also where a key is missing.
        """
        if not self._needed <= values.keys():
            return None
        if self.check is not None:
            before = len(reading.faults.found)
            self.check(values, values, NOWHERE, reading)
            if len(reading.faults.found) > before:
                return None
        return self.build(values, NOWHERE, reading)

    def schema(self) -> Schema:
        schema: Schema = {
            "type": "object",
            "properties": {name: field.schema() for name, field in self.fields.items()},
            "additionalProperties": False,
            "minProperties": 1,
        }
        if self.required:
            schema["required"] = list(self.required)
        return {**schema, **self.rules}


def _mapping(node: Node, reading: Reading) -> Mapping | None:
    if type(node) is Mapping:
        return node
    if not isinstance(node, Scalar) or scalar(node, reading, "a mapping") is not None:
        reading.faults.add(node, "type", f"{kind_of(node)} stands where a mapping is wanted; write `key: value`")
    return None


LOCALIZED_LINE = Table(LANGUAGE, Text(), limits.LIST)
LOCALIZED_TEXT = Table(LANGUAGE, Text(limits.DESCRIPTION, lines=True), limits.LIST)
LOCALIZED_MARKDOWN = Table(LANGUAGE, Markdown(limits.DESCRIPTION, lines=True), limits.LIST)
