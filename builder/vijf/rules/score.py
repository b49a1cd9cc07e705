"""The score and everything else that sums up ratings.

`aggregate` is the only way to a `Score`, and it gives None below the threshold: what doesn't exist can't be
shown by mistake. All arithmetic is exact; the one rounding is `tenths`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from vijf.model import Review

STARS = 5
BEST = 10
WORST = 1


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `count` ratings, exact, from 1 to 10."""

    exact: Fraction
    count: int

    @property
    def tenths(self) -> int:
        """The mean rounded half up to one decimal, in tenths: 87 is 8.7. The only rounding there is."""
        above, below = self.exact.numerator, self.exact.denominator
        return (20 * above + below) // (2 * below)

    @property
    def fill(self) -> Fraction:
        """The share of five stars that is filled, from the exact mean: 0 to 1."""
        return self.exact / BEST


@dataclass(frozen=True, slots=True)
class Score:
    """All that sums up the counted ratings of a shop that has reached the threshold."""

    mean: Mean
    distribution: Mapping[int, int]
    """Whole mark 10 .. 1 -> how many counted ratings are that mark or a half above it (10: exactly ten)."""
    halves: bool
    """Whether any counted rating is a half mark."""
    aspects: Mapping[str, Mean]
    """Only aspects with as many marks as the threshold."""
    recommending: Fraction | None
    """Share of counted reviews that recommend, of those that answer; None below the threshold of answers."""
    recommend_answers: int
    years: Mapping[int, Mean | None]
    """Year of publication, oldest first, without gaps -> its mean; None where the year has too few."""
    last_twelve_months: Mean | None
    removed: Mapping[int, int]
    """Half points, highest first -> how many removed reviews (not withdrawn ones) carry that mark."""


def aggregate(
    counted: Sequence[Review], removed: Iterable[Review], threshold: int, last_event: date | None
) -> Score | None:
    """Sum up the `counted` ratings; None when there are fewer than `threshold`.

    `removed` are tombstones that may still carry their mark. Parts of the whole (an aspect, a year, the last
    twelve months before `last_event`, recommendations) each need as many answers as the threshold too.
    """
    marks = [review.rating for review in counted if review.rating is not None]
    mean = mean_of(marks, threshold)
    if mean is None:
        return None
    answers = [review.recommends for review in counted if review.recommends is not None]
    return Score(
        mean=mean,
        distribution=_per_mark(marks),
        halves=any(mark % 2 for mark in marks),
        aspects=_aspects(counted, threshold),
        recommending=Fraction(sum(answers), len(answers)) if len(answers) >= threshold else None,
        recommend_answers=len(answers),
        years=_years(counted, threshold),
        last_twelve_months=_last_twelve_months(counted, threshold, last_event),
        removed=dict(sorted(Counter(r.rating for r in removed if r.rating is not None).items(), reverse=True)),
    )


def mean_of(marks: Sequence[int], threshold: int) -> Mean | None:
    """The mean of `marks` (half points), None when there are fewer than `threshold`."""
    if len(marks) < threshold:
        return None
    return Mean(Fraction(sum(marks), 2 * len(marks)), len(marks))


def year_before(day: date) -> date:
    """The same day a year earlier; for 29 February, the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _per_mark(marks: Iterable[int]) -> dict[int, int]:
    counter = Counter([mark // 2 for mark in marks])
    return {whole: counter.get(whole, 0) for whole in range(BEST, WORST - 1, -1)}


def _aspects(counted: Sequence[Review], threshold: int) -> dict[str, Mean]:
    marks: dict[str, list[int]] = {}
    for review in counted:
        if review.aspects is None:
            continue
        for aspect, mark in review.aspects.items():
            marks.setdefault(aspect, []).append(mark)
    means = {aspect: mean_of(given, threshold) for aspect, given in sorted(marks.items())}
    return {aspect: mean for aspect, mean in means.items() if mean is not None}


def _years(counted: Sequence[Review], threshold: int) -> dict[int, Mean | None]:
    marks: dict[int, list[int]] = defaultdict(list)
    for review in counted:
        if review.rating is not None:
            marks[review.published.day.year].append(review.rating)
    if not marks:
        return {}
    return {year: mean_of(marks.get(year, []), threshold) for year in range(min(marks), max(marks) + 1)}


def _last_twelve_months(counted: Sequence[Review], threshold: int, last_event: date | None) -> Mean | None:
    if last_event is None:
        return None
    since = year_before(last_event)
    return mean_of([r.rating for r in counted if r.rating is not None and r.published.day > since], threshold)
