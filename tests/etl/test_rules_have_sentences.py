"""Every rule that can reject a row has a sentence for people, wherever in the code it is applied."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.topics.rule_words import RULE_WORDS
from etl.contracts.rules import RULES, rule_words
from etl.contracts.tables import contract, table_names
from etl.load.staging import TOO_COARSE
from tests.support import PROJECT

APPLIED_IN = ("etl/contracts/parse.py", "etl/contracts/check.py")
REJECTING = ("etl/load", "etl/contracts", "etl/protect", "etl/mapping", "etl/sources")


def names_in(path: Path) -> Iterator[str]:
    """Yield the keys of failures in a module: of dictionaries, and those that are set one by one."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Dict):
            keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
            values = [value for value in node.values if not isinstance(value, ast.Constant | ast.JoinedStr)]
            yield from (str(key) for key in keys if values)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            is_failure = node.value.id == "failures" and isinstance(node.slice, ast.Constant)
            yield from ([str(node.slice.value)] if is_failure else [])  # type: ignore[attr-defined]
        if isinstance(node, ast.IfExp) and isinstance(node.body, ast.Constant):
            yield from (str(one.value) for one in (node.body, node.orelse) if isinstance(one, ast.Constant))


def own_rules() -> dict[str, str]:
    return {rule.name: rule.message for name in table_names() for rule in contract(name).rules}


def test_the_rules_in_the_code_are_those_of_the_list() -> None:
    applied = {name for file in APPLIED_IN for name in names_in(PROJECT / file)}
    in_code = {name for name in applied if name in RULES or name in RULE_WORDS}
    # What the scan finds beyond rules are columns and types; a rule without a sentence would be among them.
    others = {
        "code",
        "level",
        "start",
        "date",
        "integer",
        "number",
        "boolean",
        "period",
        "quarter",
        "year",
        "month",
    }
    strange = {name for name in applied - in_code if "_" in name and not name.startswith("_")} - others
    assert strange == set(), "rules that reject rows without a sentence"
    assert {"day_or_month", "negative", "below_minimum", "ambiguous_area", "unknown_country"} <= in_code
    assert set(RULES) - in_code <= {"outside_declared_period", "duplicate_key", TOO_COARSE}


def test_a_rule_without_a_sentence_would_be_found(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('failures["shoe_size"] = cell > 50\nmore = {"hat_size": cell > 9}\n', "utf-8")
    assert set(names_in(module)) == {"shoe_size", "hat_size"}


def test_nothing_rejects_rows_in_another_place() -> None:
    files = [path for folder in REJECTING for path in (PROJECT / folder).rglob("*.py")]
    naming = {path.name for path in files if 'alias("rule")' in path.read_text("utf-8")}
    assert naming == {"check.py"}, "a rule is named where the contract is checked, or here"


@pytest.mark.parametrize("rule", [*RULES, *own_rules()])
def test_each_has_a_sentence_and_a_phrase(rule: str) -> None:
    sentence = {**RULES, **own_rules()}[rule]
    assert sentence.endswith(".") and len(sentence.split()) > 3
    assert rule in RULE_WORDS and not RULE_WORDS[rule].endswith(".")
    assert rule_words("person", rule) if rule in RULES else True


def test_no_rule_of_a_table_has_the_name_of_a_general_one() -> None:
    assert not set(RULES) & set(own_rules())
