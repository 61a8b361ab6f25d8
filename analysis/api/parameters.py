"""What may stand behind the question mark of an address: each parameter declared once.

The names are those of the dashboard's own addresses: the part of an Explore address behind its question mark
asks the same of ``/api/v1/answers``. A request is read by these declarations and described by them
(`analysis.api.openapi`), so that the two cannot disagree.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.api.call import Given
from analysis.api.problems import Problem
from analysis.catalog.model import Catalog
from analysis.errors import echo
from analysis.exports.registers.table import registers
from analysis.periods import JOINED_LEVELS, PERIOD_LEVELS
from analysis.questions.filters import MOST_CODES, SHARED_DIMENSIONS
from analysis.topics.hidden_population import POPULATION

Codes = Callable[[Catalog], Sequence[str]]
QUERY, PATH = "query", "path"
# A plus sign that is not escaped reads as a blank.
_PERIOD = r"[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2])([+ ](6|12))?)?"
_CODE = r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,79}"


@dataclass(frozen=True)
class Parameter:
    """One parameter.

    Attributes
    ----------
    name, description
        As in an address; one or two sentences.
    codes
        Gives the values it may have, from the catalog; None for those that only have a form.
    pattern
        The form of a value where there is no list of codes.
    most
        How many values; with more than one they stand with commas between them.
    is_repeated
        Whether several values are given by several parameters of the same name, not with commas.
    is_number
        Whether a value is a whole number, of one digit.
    may_be_empty
        Whether nothing can be given as well. A filter without codes is a mistake, not everybody.
    is_needed
        Whether the address means nothing without it.
    place
        `QUERY` or `PATH`.
    example
        One value that means something in the demonstration.
    elsewhere
        What is told of to whoever asks here, by value, in place of the list of what is allowed.
    """

    name: str
    description: str
    codes: Codes | None = None
    pattern: str = _CODE
    most: int = 1
    is_repeated: bool = False
    is_number: bool = False
    may_be_empty: bool = False
    is_needed: bool = False
    place: str = QUERY
    example: str = ""
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def schema(self, catalog: Catalog) -> dict[str, Any]:
        """Return the JSON Schema of what may be given."""
        one: dict[str, Any] = {"type": "string"}
        if self.is_number:
            one = {"type": "integer", "minimum": 0, "maximum": 9}
        elif self.codes is not None:
            one["enum"] = list(self.codes(catalog))
        else:
            one["pattern"] = f"^{self.pattern}$"
        is_list = self.most > 1 or self.is_repeated
        least = 0 if self.may_be_empty else 1
        if not is_list:
            return one
        length = {"minItems": least, "maxItems": self.most}
        return {"type": "array", "items": one, **length, "uniqueItems": True}

    def described(self, catalog: Catalog) -> dict[str, Any]:
        """Return the parameter as OpenAPI describes it."""
        entry: dict[str, Any] = {
            "name": self.name,
            "in": self.place,
            "description": self.description,
            "required": self.is_needed or self.place == PATH,
            "schema": self.schema(catalog),
        }
        if self.most > 1 or self.is_repeated:
            entry |= {"style": "form", "explode": self.is_repeated}
        if self.example:
            given = [self.example] if self.is_repeated else self.example.split(",")
            entry["example"] = given if self.most > 1 else int(self.example) if self.is_number else given[0]
        return entry

    def read(self, texts: Sequence[str], catalog: Catalog) -> tuple[str, ...]:
        """Return the values in what was given.

        Raises
        ------
        Problem
            Naming the parameter, what came, and what is allowed.
        """
        if len(texts) > 1 and not self.is_repeated:
            raise self._wrong(f"'{self.name}' stands {len(texts)} times", self._allowed(catalog))
        values = list(texts)
        if self.most > 1 and not self.is_repeated:
            values = [] if self.may_be_empty and not texts[0] else texts[0].split(",")
        if len(values) > self.most:
            raise self._wrong(f"'{self.name}' has {len(values)} values", f"Allowed: {self.most} at most.")
        if twice := next((one for one in values if values.count(one) > 1), ""):
            raise self._wrong(f"'{self.name}' names {echo(twice)} more than once", "Name it once.")
        known = set(self.codes(catalog)) if self.codes is not None else None
        for value in values:
            if (value not in known) if known is not None else not re.fullmatch(self._form, value):
                allowed = self.elsewhere.get(value) or self._allowed(catalog)
                raise self._wrong(f"'{self.name}' is {echo(value)}", allowed)
        return tuple(values)

    @property
    def _form(self) -> str:
        return "[0-9]" if self.is_number else self.pattern

    def _wrong(self, words: str, allowed: str) -> Problem:
        if self.place == PATH:
            return Problem(404, "not-found", f"{words}, which is not here.", allowed)
        return Problem(400, "bad-parameter", f"{words}.", allowed)

    def _allowed(self, catalog: Catalog) -> str:
        if self.codes is None:
            return f"Allowed: {self.description}"
        codes = self.codes(catalog)
        return f"Allowed: {', '.join(codes[:12])}{', …' if len(codes) > 12 else ''}."


def read(
    parameters: Iterable[Parameter], pairs: Iterable[tuple[str, str]], path: Iterable[str], catalog: Catalog
) -> Given:
    """Return what a request gives for the parameters of an address.

    Parameters
    ----------
    parameters
        Those of the address.
    pairs
        Names and values behind the question mark, in order.
    path
        What stands in the path for the parameters of the path, in their order.
    catalog
        Gives the codes.

    Raises
    ------
    Problem
        For a name that the address does not know, a value that is not allowed, or one that is missing.
    """
    known = {one.name: one for one in parameters}
    texts: dict[str, list[str]] = {}
    for parameter, value in zip((one for one in known.values() if one.place == PATH), path, strict=True):
        texts[parameter.name] = [value]
    for name, value in pairs:
        if name not in known or known[name].place == PATH:
            allowed = ", ".join(one.name for one in known.values() if one.place == QUERY)
            raise Problem(
                400,
                "unknown-parameter",
                f"{echo(name)} is no parameter of this address.",
                f"Allowed: {allowed or 'none'}.",
            )
        texts.setdefault(name, []).append(value)
    for parameter in known.values():
        if parameter.is_needed and parameter.name not in texts:
            raise Problem(400, "missing-parameter", f"'{parameter.name}' is missing.", parameter.description)
    return {name: known[name].read(given, catalog) for name, given in texts.items()}


def _measures(catalog: Catalog) -> Sequence[str]:
    return list(catalog.measures)


def _measures_and_derived(catalog: Catalog) -> Sequence[str]:
    return [*catalog.measures, *catalog.derived]


def _measures_and_estimate(catalog: Catalog) -> Sequence[str]:
    return [*catalog.measures, POPULATION]


def _rows(catalog: Catalog) -> Sequence[str]:
    return ["period", "area", "field", *catalog.dimensions]


def _codes_of(dimension: str) -> Codes:
    def codes(catalog: Catalog) -> Sequence[str]:
        return catalog.dimensions[dimension].codes

    return codes


def _registers(catalog: Catalog) -> Sequence[str]:
    return tuple(registers(catalog))


def _levels(_catalog: Catalog) -> Sequence[str]:
    return (*PERIOD_LEVELS, *JOINED_LEVELS)


def _roles(_catalog: Catalog) -> Sequence[str]:
    return ("public", "partner")


MEASURE = Parameter(
    "measure",
    "Code of a measure, see /api/v1/catalog.",
    _measures,
    is_needed=True,
    example="detected_persons",
    elsewhere={POPULATION: f"Nothing divides or filters it. Ask /api/v1/registers/{POPULATION}."},
)
BY = Parameter(
    "by",
    "Rows of the answer: period, area, dimensions. Left out, they are by period; empty, one number.",
    _rows,
    most=8,
    may_be_empty=True,
    example="period,gender",
)
WHERE = Parameter(
    "where",
    "A filter by any dimension, dimension=code,code; several codes are the sum of their shown numbers. "
    "May stand several times.",
    pattern=r"[^=\x00-\x1f\x7f]{1,60}=[^\x00-\x1f\x7f]{1,2000}",
    most=12,
    is_repeated=True,
    example="gender=female",
)
LEVEL = Parameter(
    "level",
    "Rows by period are years, quarters or months; or half-years and twelve months from a month on (year10: "
    "from October), which add up quarters or months, of counts alone. When left out, as the period is "
    "written, else by year.",
    _levels,
    example="year",
)
AREA_LEVEL = Parameter(
    "arealevel",
    "Level of the rows by area: 0 the whole, 1 the next finer, and so on.",
    is_number=True,
    example="1",
)
COLLECTION = Parameter("collection", "Code of a collection; the task force's own when left out.")
AREA = Parameter("area", "Codes of areas that the figures are limited to.", most=MOST_CODES, example="TM1")
PERIOD = Parameter(
    "period",
    "One period, or the first and the last: 2024, 2024-Q1, 2024-03, 2019..2024, or 2023-10+12 for twelve "
    "months from October 2023.",
    pattern=rf"{_PERIOD}(\.\.{_PERIOD})?",
    example="2019..2024",
)
FIGURES = Parameter(
    "figures",
    "Whose figures: public, or partner (refused without a right to them). The caller's own when left out.",
    _roles,
)
RELEASE = Parameter(
    "release",
    "Id of an earlier release that is still offered (`/releases`). The newest when left out.",
    pattern="[0-9a-f]{12}",
)


def _filter(dimension: str) -> Parameter:
    words = f"A filter by the dimension {dimension}: codes with commas between them."
    # The code list of contributors is the release's own; every other stands in the catalog.
    codes = None if dimension == "source" else _codes_of(dimension)
    return Parameter(dimension, words, codes, most=MOST_CODES)


#: Filters that go by their own name.
SHARED = ("area", *SHARED_DIMENSIONS)
FILTERS = (COLLECTION, AREA, PERIOD, *map(_filter, SHARED_DIMENSIONS), WHERE)
QUESTION = (MEASURE, BY, LEVEL, AREA_LEVEL, *FILTERS, FIGURES, RELEASE)
OF_FINDINGS = Parameter(
    "measure",
    f"Code of a measure, see /api/v1/catalog; or {POPULATION}, which nothing divides or filters.",
    _measures_and_estimate,
    is_needed=True,
    example="detected_persons",
)
ONE_QUESTION = Parameter(
    "question",
    "One table of the package: what stands behind the question mark of /answers, encoded. May stand several "
    "times.",
    pattern=r"[^\x00-\x1f\x7f]{1,4000}",
    most=12,
    is_repeated=True,
    is_needed=True,
    example="measure=detected_persons&by=period",
)
MEASURE_IN_PATH = Parameter(
    "measure",
    "Code of a measure, or of a number that pages work out.",
    _measures_and_derived,
    place=PATH,
    example="detected_persons",
)
REGISTER_IN_PATH = Parameter(
    "register",
    "Code of a register.",
    _registers,
    place=PATH,
    example="law_provision",
)
LEVEL_IN_PATH = Parameter(
    "level",
    "Level of the areas: 0 the whole, 1 the next finer, and so on.",
    is_number=True,
    place=PATH,
    example="1",
)
