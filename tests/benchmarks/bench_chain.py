"""The whole chain on three seeds of the demonstration: what is planted is found, and nothing where it is not.

    python -m tests.benchmarks.bench_chain [SEED …]

Each seed is built and released twice: with its facts, and without the campaign's effect and with the
agreement kept. Of the first: the campaign raised its own reports and those of at most one other contributor;
the lapsed agreement broke its hand-off; the number of people on no list lies inside its interval. Of the
second: neither is found. The exit code is 1 where one of these fails.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from analysis import Question, answer, open_release
from analysis.findings.topics.initiatives import Study, study
from analysis.release.home_country import home_country
from analysis.release.release import Release
from analysis.topics.initiatives import Initiative, at_once, campaigns, initiatives
from analysis.topics.laws import provisions
from etl.cli import main as etl
from etl.demonstration import generate, load_facts
from tests.benchmarks.measuring import timed

SEEDS = (1, 2, 3)
CAMPAIGN, LAPSED = "campaign:say_it_softly", "agreement_ended:police_ambel_legal"
FACTS = load_facts()
WITHOUT = FACTS.with_planted("campaign", ratio=1.0).with_planted("hand_off_broken", lapsed_month="")


def main(seeds: tuple[int, ...]) -> int:
    """Print what was found of each seed; return how much was not as it should be."""
    wrong = 0
    for seed in seeds:
        for words, facts in (("with the facts", FACTS), ("without them", WITHOUT)):
            with tempfile.TemporaryDirectory() as folder, timed(f"seed {seed} {words}"):
                release = built(Path(folder), seed, facts)
                checks = with_facts(release) if facts is FACTS else without_facts(release)
                for what, is_so, found in checks:
                    print(f"  {'yes' if is_so else 'NO '}  {what}: {found}", flush=True)
                    wrong += not is_so
    return wrong


def built(home: Path, seed: int, facts: object) -> Release:
    """Return the public release of a demonstration of a seed and these facts."""

    def made(seed: int, persons: int, as_of: object) -> list:
        return generate(seed, persons, as_of, facts)  # type: ignore[arg-type]

    said = StringIO()
    with patch("etl.commands.build.synthetic.generate", made), redirect_stdout(said), redirect_stderr(said):
        code = etl(["build", "--demo", "--seed", str(seed), "--home", str(home)])
    if code:
        raise RuntimeError(f"seed {seed} could not be built:\n{said.getvalue()}")
    return open_release(home / "release" / "public")


def with_facts(release: Release) -> Iterator[tuple[str, bool, str]]:
    """Yield what must be found."""
    every = {one.code: one for one in listed(release)}
    own = looked_at(release, every[CAMPAIGN], every)
    yield "the campaign raised its reports", own.direction == 1, effect(own)
    beside = [one for one in others(release, every[CAMPAIGN], every) if one.result is not None]
    more = [one for one in beside if one.direction != 0]
    # One in twenty may differ by chance: with five or six contributors one is seldom, two hardly ever.
    told = "; ".join(map(effect, more)) or "none"
    yield f"and those of at most one of {len(beside)} other contributors", len(more) <= 1, told
    lapsed = looked_at(release, every[LAPSED], every)
    yield "the lapsed agreement broke its hand-off", lapsed.direction == -1, effect(lapsed)
    row = release.table("hidden_population").row(0, named=True)
    total = FACTS["hidden_population"]["found_in_release"]["value"]
    is_inside = row["status"] == "estimated" and row["lower"] <= total <= row["upper"]
    shown = f"{row['status']}: {row['estimate']} ({row['lower']} to {row['upper']})"
    yield f"the total of {total:,} lies inside its interval", is_inside, shown


def without_facts(release: Release) -> Iterator[tuple[str, bool, str]]:
    """Yield what must not be found."""
    every = {one.code: one for one in listed(release)}
    own = looked_at(release, every[CAMPAIGN], every)
    yield "a campaign without an effect has none", own.direction != 1, effect(own)
    yield (
        "no agreement ended",
        LAPSED not in every,
        ", ".join(code for code in every if "ended" in code) or "none",
    )
    studies = [looked_at(release, one, every) for one in every.values()]
    told = [one for one in studies if one.result is not None]
    found = [one for one in told if one.direction != 0]
    share = len(found) / max(len(told), 1)
    # Laws and other campaigns are planted too, and some coincide with the rise after the law.
    yield (
        f"of {len(told)} initiatives few show a difference",
        share <= 0.25,
        "; ".join(map(effect, found)) or "none",
    )


def listed(release: Release) -> list[Initiative]:
    """Return the initiatives of a release that its registers hold."""
    laws = release.table("law_provision").iter_rows(named=True)
    day = release.as_of
    return initiatives(
        campaigns(release.register("campaign")),
        release.register("agreement").to_dicts(),
        provisions(laws, home_country(release), day),
        release.listed("receiver"),
        day,
    )


def looked_at(release: Release, one: Initiative, every: dict[str, Initiative]) -> Study:
    """Return what the page finds of an initiative."""
    by = ("period", one.by) if one.by else ("period",)
    level = {"area_level": 1} if one.by == "area" else {}
    asked = [
        Question(one.measure, by, where=one.filters, period_level=step, **level)
        for step in ("quarter", "year")
    ]
    quarters, years = answer(asked, release)
    first = study(one, quarters, years)
    left_out = () if one.by != "area" else tuple(at_once(one, every.values(), first.window))
    return study(one, quarters, years, left_out=left_out)


def others(release: Release, one: Initiative, every: dict[str, Initiative]) -> Iterator[Study]:
    """Yield what was counted by each other contributor while a campaign ran."""
    for code in (contributor.source_id for contributor in FACTS.contributors):
        if (code,) != one.filters["source"]:
            yield looked_at(release, replace(one, where=(("source", (code,)),)), every)


def effect(found: Study) -> str:
    """Return an effect in figures."""
    name = found.initiative.code + "".join(
        f" {code}" for _, codes in found.initiative.where for code in codes
    )
    if found.result is None:
        return f"{name}: {found.why}"
    ratio = found.result.effect
    return f"{name}: {ratio.ratio:.2f} ({ratio.lower:.2f} to {ratio.upper:.2f})"


if __name__ == "__main__":
    sys.exit(1 if main(tuple(int(one) for one in sys.argv[1:]) or SEEDS) else 0)
