"""Every address, with its parameters, its formats and what makes its answer: ten lines add one."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from analysis.api import boundaries, described, figures
from analysis.api.call import Call, Reply
from analysis.api.parameters import (
    COLLECTION,
    FIGURES,
    LEVEL_IN_PATH,
    MEASURE_IN_PATH,
    OF_FINDINGS,
    ONE_QUESTION,
    QUESTION,
    REGISTER_IN_PATH,
    RELEASE,
    Parameter,
)

ROOT = "/api/v1"
JSON = "application/json"
GEOJSON = "application/geo+json"
ZIP = "application/zip"


@dataclass(frozen=True)
class Address:
    """One address.

    Attributes
    ----------
    path
        Below `ROOT`; a parameter of the path stands in braces.
    name
        What a client made from the description calls it.
    summary, description
        One line; a few sentences.
    answer
        Makes the reply to a call in one of the media types.
    schema
        Name of the shape of its JSON (`analysis.api.schemas`).
    parameters
        What may be given.
    media_types
        Formats, the usual one first.
    is_of_figures
        Whether it gives figures, so that a look at those that are not public is written down.
    """

    path: str
    name: str
    summary: str
    description: str
    answer: Callable[[Call, str], Reply]
    schema: str
    parameters: tuple[Parameter, ...] = ()
    media_types: tuple[str, ...] = (JSON,)
    is_of_figures: bool = False

    def match(self, path: str) -> tuple[str, ...] | None:
        """Return what stands in a path for the parameters of this address; None where it is another."""
        form = re.sub(r"\\\{[a-z]+\\\}", "([^/]+)", re.escape(self.path))
        found = re.fullmatch(form, path, re.DOTALL)
        return found.groups() if found else None


ADDRESSES = (
    Address(
        "/catalog",
        "catalog",
        "What can be asked",
        "Measures, dimensions with their codes, collections, areas and periods of the release.",
        described.catalog,
        "Catalog",
        (FIGURES, RELEASE),
    ),
    Address(
        "/measures/{measure}",
        "measure",
        "One measure, word for word",
        "Definition, formula, unit, source, caveats, and what it can be divided by.",
        described.measure,
        "Measure",
        (MEASURE_IN_PATH, FIGURES, RELEASE),
    ),
    Address(
        "/answers",
        "answers",
        "Published figures of one measure",
        "The table of the Explore page with the same choices. A number that is not shown is null, with the "
        "marker c: fewer than the smallest published number, or none. What the protection does not allow, "
        "such as a fifth dimension or a filter that says 'not', is refused in words with status 422.",
        figures.answers,
        "Answer",
        QUESTION,
        tuple(figures.FORMATS_OF_ANSWERS),
        is_of_figures=True,
    ),
    Address(
        "/package",
        "package",
        "Tables to take along",
        "A zip with every format, dictionary, definitions, filters, sources, licences and how to cite them, "
        "as a Frictionless data package. The same bytes for the same release and questions.",
        figures.package,
        "Package",
        (ONE_QUESTION, FIGURES, RELEASE),
        (ZIP,),
        is_of_figures=True,
    ),
    Address(
        "/registers/{register}",
        "register",
        "A register to take along",
        "A list of agreements, laws, actions, services …, or the estimate of people on no list, as a "
        "Frictionless data package: every row, what each column means, filters, sources and how to cite it. "
        "The same bytes for the same release.",
        figures.register,
        "Package",
        (REGISTER_IN_PATH, FIGURES, RELEASE),
        (ZIP,),
        is_of_figures=True,
    ),
    Address(
        "/findings",
        "findings",
        "What a measure says, in the words of its cards",
        "Without rows: over time, by area and by each dimension. With rows: that one finding. Of people on "
        "no list, the estimate or why there is none, whole as it is.",
        figures.findings,
        "Findings",
        (OF_FINDINGS, *QUESTION[1:]),
        is_of_figures=True,
    ),
    Address(
        "/geo/{level}",
        "areas",
        "Boundaries of the areas of a level",
        "GeoJSON, to be joined with answers by area. Areas without boundaries have no geometry.",
        boundaries.areas,
        "Areas",
        (LEVEL_IN_PATH, COLLECTION, FIGURES, RELEASE),
        (GEOJSON, JSON),
    ),
    Address(
        "/releases",
        "releases",
        "The releases that you may read",
        "Which figures the other addresses give: the public ones, and with a token those of partners. Of "
        "each the newest comes first, then the earlier ones that are still offered.",
        described.releases,
        "Releases",
    ),
)
DESCRIPTION = "/openapi.json"
