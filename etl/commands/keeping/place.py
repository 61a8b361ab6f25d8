"""``place``: say whose deployment it is: its name, the areas it covers, and whom to write to."""

import argparse
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from analysis.catalog.load import load_catalog
from analysis.catalog.table import CODE, nearest
from analysis.errors import echo
from analysis.words import counted, listed
from etl.commands import Outcome
from etl.commands.keeping import deployment_file
from etl.commands.map import every_area
from etl.commands.terminal import options
from etl.config import DEPLOYMENT, Deployment, Home, home_at, read_deployment
from etl.contracts.areas import Areas
from etl.contracts.countries import alpha2
from etl.errors import EtlError, UsageError
from etl.mart import meta as info
from etl.progress import Progress
from etl.release.unperturbed.texts import EVERY, columns_of_texts
from etl.sources.areas.geography import shipped
from etl.store import warehouse
from etl.store.locking import exclusive

LONGEST = 120  # letters of a name
_LISTED = 8  # areas of one name that a message lists
_YEAR = re.compile(r"\s*(?P<name>\S.*)=\s*(?P<month>\d{1,2})\s*")
_JOINERS = str.maketrans("", "", "\u200c\u200d")  # part of how words of some languages are written
_GIVEN = ("name", "geography", "area", "contact", "country", "fiscal_year", "next_update", "as_of", "texts")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("--name", metavar="TEXT", help="what the place is called, on every page and in files")
    parser.add_argument(
        "--geography", metavar="CODE", help="whose areas they are: us, uk, world, or your own"
    )
    parser.add_argument(
        "--area",
        metavar="NAME|CODE",
        action="append",
        help='an area that you cover, such as "Kings County, California"; once for each (all of them: "")',
    )
    parser.add_argument("--contact", metavar="TEXT", help="whom to write to")
    parser.add_argument("--country", metavar="NAME|CODE", help="whose citizens count as nationals")
    parser.add_argument(
        "--fiscal-year",
        metavar="NAME=MONTH",
        action="append",
        help='a year that a funder counts by, with its first month, such as "Federal fiscal year=10"',
    )
    parser.add_argument(
        "--next-update", metavar="YYYY-MM-DD", type=_day, help="when the next figures are due"
    )
    parser.add_argument(
        "--as-of", metavar="YYYY-MM-DD", type=_day, help="fixed reporting date, from the next load on"
    )
    parser.add_argument(
        "--texts",
        metavar="REGISTER.COLUMN|all",
        action="append",
        help="a column of words that may leave once its texts are confirmed",
    )
    parser.epilog = (
        f'Without a word it tells what {DEPLOYMENT} says. An empty value, such as --contact "", takes it out.'
    )
    options.add_home(parser)
    options.add_wait(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Change the file, or tell what it says."""
    home = home_at(arguments.home)
    if all(getattr(arguments, name) is None for name in _GIVEN):
        return _told(home, read_deployment(home.root), [])
    progress.start(f"Look at {DEPLOYMENT}")
    with exclusive(home, arguments.wait):
        before = read_deployment(home.root)
        values = _values(arguments, before, home)
        notes = _what_holds(home, before, values)
        is_changed = deployment_file.write(home.root, values)
    return _told(home, read_deployment(home.root), notes, is_changed=is_changed)


def _day(text: str) -> date | str:
    return options.day(text) if text else ""


def _values(arguments: argparse.Namespace, before: Deployment, home: Home) -> dict[str, Any]:
    """Return what was given, by the keys of the file."""
    values: dict[str, Any] = {}
    if arguments.name is not None:
        values["place"] = _words("--name", arguments.name)
    if arguments.contact is not None:
        values["contact"] = _words("--contact", arguments.contact)
    if arguments.geography is not None:
        values["geography"] = _geography(arguments, before)
    if arguments.area is not None:
        geography = values.get("geography", before.geography)
        values["areas"] = _areas(arguments.area, every_area(home, geography), geography)
    if arguments.country is not None:
        values["home_country"] = _country(arguments.country)
    for key in ("next_update", "as_of"):
        if getattr(arguments, key) is not None:
            values[key] = getattr(arguments, key)
    if arguments.fiscal_year is not None:
        values[deployment_file.YEARS] = _years(arguments.fiscal_year)
    if arguments.texts is not None:
        values["published_texts"] = _texts(arguments.texts)
    return values


def _words(option: str, text: str) -> str:
    words = " ".join(text.split())  # also of a line break, and of blanks that word processors put in
    if len(words) > LONGEST or not words.translate(_JOINERS).isprintable():
        raise UsageError(
            f"{option} takes at most {LONGEST} letters, and no control characters.",
            f'python -m etl place {option} "TEXT"',
        )
    return words


def _geography(arguments: argparse.Namespace, before: Deployment) -> str:
    code: str = arguments.geography.strip()
    if code and not CODE.fullmatch(code):
        raise UsageError(
            f"--geography is {echo(code)}; allowed: small letters, digits and _, such as us, uk or world.",
            "python -m etl place --geography us",
        )
    if before.areas and arguments.area is None and not code:
        raise UsageError(
            f"The areas that are covered are of '{before.geography}': take them out as well.",
            'python -m etl place --geography "" --area ""',
        )
    if before.areas and arguments.area is None and code != before.geography:
        raise UsageError(
            f"The areas that are covered are of '{before.geography}': name those of '{code}' as well.",
            f'python -m etl place --geography {code} --area "NAME"',
        )
    return code


def _areas(words: Sequence[str], areas: Areas, geography: str) -> list[str]:
    """Return the codes of areas; where all others lie in them none, which means all of them.

    Raises
    ------
    EtlError
        For a word that means no area, or several.
    """
    named = [word.strip() for word in words if word.strip()]
    if not named:
        return []
    if not geography:
        raise UsageError(
            "--area needs the geography that it is of.", 'python -m etl place --geography us --area "NAME"'
        )
    if not areas.codes:
        raise EtlError(
            f"The areas of '{geography}' are not loaded, and do not come with the project.",
            "Load their boundaries first: python -m etl load FILE --source boundaries. To cover only some of "
            f"them, write their codes as 'areas' into {DEPLOYMENT} before that.",
        )
    codes = list(dict.fromkeys(_area(word, areas, geography) for word in named))
    tops = [code for code in areas.codes if not areas.parents.get(code)]
    return [] if tops and set(tops) <= set(codes) else codes


def _area(word: str, areas: Areas, geography: str) -> str:
    if (found := areas.find(word)) is not None:
        return found
    several = sorted(areas.called(code) for code in areas.meant_by(word))
    if several:
        more = f" and {len(several) - _LISTED:,} more" if len(several) > _LISTED else ""
        meant = f"{'; '.join(several[:_LISTED])}{more}"
        raise EtlError(
            f"--area {echo(word)} can mean {counted(len(several), 'area')}: {meant}.",
            f'Write it whole, such as --area "{several[0]}"',
        )
    near = areas.nearest(word)
    raise EtlError(
        f"--area {echo(word)} is no area of '{geography}'.{f' Did you mean {near}?' if near else ''}",
        'Write its name or its code, such as --area "Kings County, California"',
    )


def _country(word: str) -> str:
    found = alpha2(word) if word.strip() else ""
    if found is None:
        raise EtlError(
            f"--country {echo(word)} is no country of the list.",
            "Write its name or its two letters, such as --country US",
        )
    return found


def _years(texts: Sequence[str]) -> list[dict[str, Any]]:
    years = [_year(text) for text in texts if text.strip()]
    twice = [name for name, times in Counter(year["name"] for year in years).items() if times > 1]
    if twice:
        raise UsageError(
            f"--fiscal-year {echo(twice[0])} is said twice; each year needs a name of its own.",
            'python -m etl place --fiscal-year "Federal fiscal year=10" --fiscal-year "School year=9"',
        )
    return years


def _year(text: str) -> dict[str, Any]:
    found = _YEAR.fullmatch(text)
    if not found or not 2 <= int(found["month"]) <= 12:
        raise UsageError(
            f"--fiscal-year is {echo(text)}; allowed: a name, =, and its first month, 2 to 12 "
            "(one from January is the calendar year).",
            'python -m etl place --fiscal-year "Federal fiscal year=10"',
        )
    return {"name": _words("--fiscal-year", found["name"]), "first_month": int(found["month"])}


def _texts(words: Sequence[str]) -> list[str]:
    allowed: Collection[str] = (EVERY, *columns_of_texts(load_catalog()))
    named = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    for word in named:
        if word not in allowed:
            raise EtlError(
                f"--texts {echo(word)} is no column of words. Allowed: {', '.join(allowed)}."
                f"{nearest(word, allowed)}",
                "python -m etl texts",
            )
    return [EVERY] if EVERY in named else named


def _what_holds(home: Home, before: Deployment, values: Mapping[str, Any]) -> list[str]:
    """Refuse what the records that are loaded were read by, unless they can be built again; return notes.

    Raises
    ------
    EtlError
        For other areas, another geography or another home country than the records were loaded with.
    """
    manifest = warehouse.read_manifest(home)
    current = manifest.version(manifest.current) if manifest else None
    if manifest is None or current is None or current.is_synthetic or manifest.format != warehouse.FORMAT:
        return []
    geography = values.get("geography", before.geography)
    with warehouse.connect(warehouse.current(home)) as connection:
        known, covered = info.stored(connection), info.covered_areas(connection)
        row = warehouse.first_row(
            connection, "SELECT 1 FROM stage.area WHERE geography = ? LIMIT 1", [geography]
        )
    other = [
        key
        for key in ("geography", "home_country")
        if known.get(key) and values.get(key, known[key]) != known[key]
    ]
    if "areas" in values and row is not None and set(values["areas"]) != set(covered):
        other.append("areas")
    if not other:
        return []
    was = {**known, "areas": ", ".join(covered) or "all areas"}
    told = listed([f"{key.replace('_', ' ')}: {was[key]}" for key in other])
    if before.inputs:
        return [
            f"What is loaded was read with {told}. Build it again: python -m etl build --home {home.root}"
        ]
    raise EtlError(
        f"{home.root / DEPLOYMENT}: the records that are loaded were read with {told}. Nothing was changed.",
        "Leave that as it is, or begin in a new folder: python -m etl place --home FOLDER",
    )


def _told(home: Home, said: Deployment, notes: list[str], *, is_changed: bool | None = None) -> Outcome:
    """Tell what the file says; ``is_changed`` is None where nothing was to be changed."""
    try:
        areas = every_area(home, said.geography) if said.geography else Areas(())
    except EtlError:  # records of another version, or damaged: what the file says is told all the same
        areas = Areas(())
    covered = [f"{areas.called(code)} ({code})" for code in said.areas]
    values = {
        "place": said.place,
        "geography": said.geography,
        "areas": list(said.areas),
        "contact": said.contact,
        "home_country": said.home_country,
        "fiscal_years": dict(said.fiscal_years),
        "next_update": said.next_update,
        "as_of": said.as_of,
        "published_texts": list(said.published_texts),
    }
    shown = {
        "Place": said.place,
        "Areas": _covered(said, covered, is_known=bool(areas.codes) or bool(shipped(said.geography))),
        "Contact": said.contact,
        "Nationals of": said.home_country,
        "Fiscal years": "; ".join(f"{name}, from month {month}" for name, month in said.fiscal_years.items()),
        "Next figures due": f"{said.next_update or ''}",
        "Reporting date": f"{said.as_of or ''}",
        "Words that may leave": ", ".join(said.published_texts),
    }
    lines = [f"{name}: {text or 'not said'}" for name, text in shown.items()]
    if is_changed is not None:
        done = (
            f"Wrote {home.root / DEPLOYMENT}." if is_changed else "It said so already: nothing was changed."
        )
        lines.append(done)
    return Outcome([*lines, *notes], {"changed": bool(is_changed), **values})


def _covered(said: Deployment, covered: Sequence[str], *, is_known: bool) -> str:
    if not said.geography:
        return ""
    if not is_known:
        return f"those of '{said.geography}', none of which is loaded yet"
    return f"{'; '.join(covered) or 'all'}, of '{said.geography}'"
