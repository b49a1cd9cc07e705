"""What the presets of the procedure before publication hold: parameters of one model, with maxima that are promises."""

from collections.abc import Mapping

from vijf.model import Preset

HOLD_DAYS: Mapping[Preset, int] = {Preset.IMMEDIATE: 0, Preset.QUARANTINE: 14, Preset.MEDIATION: 7, Preset.DECISION: 14}
"""Preset -> most days that a review waits before it is published; a setting may only be shorter."""
