"""Columns of people told by what is in them, whatever the column is called and whatever it is mapped to.

References are numbers and codes of a register's own. What a state, a court, a network or a parent gave is no
such number: hashed, it could still be asked for by whoever knows it. So these checks look at references, too.
"""

import re
from collections.abc import Callable, Sequence

import polars as pl

from etl.protect.dates_inside import holds_day
from etl.protect.identifiers import first_broken, first_usual
from etl.protect.national_numbers import are_national_numbers
from etl.protect.people_in_text import is_given_name, is_surname

_HALF = 0.5
_FEWEST = 3
_MOST_LOOKED_AT = 2_000
_NAME = r"\p{L}[\p{L}'’\-]+"
#: One value is enough: nothing else is written so.
_ANY = {
    "person_name": (
        r"(?i:\b(?:state|people|commonwealth|united states|usa?|u\.s\.|crown|regina|rex|r|county|city)"
        r"(?: of \p{L}+){0,2} vs?\.? +\p{L})"
        r"|(?i:^(?:in re|in the matter of|matter of|ex parte)\b:? +\p{L}|\ba[./ ]?k[./ ]?a\.?[: ]+\p{L})"
        r"|^(?:Mr|Mrs|Ms|Miss|Mx|Sr|Sra|Señor|Señora|Mme|Mlle)\.? +\p{Lu}\p{Ll}+$"
    ),
    "online_identity": (
        r"(?i)\b(?:facebook|fb|instagram|tiktok|snapchat|twitter|linkedin|vk|telegram|onlyfans|backpage|reddit|"
        r"youtube|pinterest|threads|discord|skipthegames|tumblr)\.(?:com|me|gg|net|ru)/\S"
        r"|\b(?:t\.me|wa\.me|fb\.me|m\.me|ig\.me|vk\.com|bit\.ly|x\.com)/\S|^@[\w.]{3,}$"
        r"|^(?:ig|insta(?:gram)?|snap(?:chat)?|fb|facebook|tiktok|twitter|telegram|whats ?app|discord|wechat|"
        r"line|kik|cash ?app|venmo)\s*[:@-]\s*\S{2,}|^\$[a-z]\w{3,}$"
    ),
    "coordinates": (
        r"(?i)\d{1,3}°\s*\d{1,2}['′’]"
        r"|^\s*[-+]?\d{1,3}\.\d{3,}\s*°?\s*[NSEW]?\s*[,;/| ]\s*[-+]?\d{1,3}\.\d{3,}"
        r"|^geo:|^[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b|^/{3}\p{L}+\.\p{L}+\.\p{L}+$"
    ),
    "document_number": r"(?i)\b(?:alien|uscis|a)[ -]?(?:no|nr|number|#)[ .:#-]*a?\d{7,9}\b"
    r"|[(\s:]a[- #]?\d{8,9}\b"
    r"|^(?:ssn|dni|nie|cpf|cnp|pesel|passport|itin|fbi|medicaid|unhcr)\W{0,3}[\dA-Z][\dA-Z\-.]{5,}$",
}
#: Half of the different values must look so.
_MOST = {
    "document_number": (
        r"^A[- ]?#?[- ]?\d{8,9}$|^A?[- #]?\d{3}[- ]\d{3}[- ]\d{3}$|^\d{3}[- ]\d{2}[- ]\d{4}$"
        r"|^(?:EAC|WAC|LIN|SRC|MSC|NBC|IOE|YSC)[- ]?\d{10}$|^\d{3}-\d{2}C\d{5}$"
        r"|^[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]$|^[A-Z]{4}\d{6}[HM][A-Z]{5}\w{2}$"
        r"|^[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]$|^[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}[A-Z0-9]{0,3}$"
        r"|^\d{3}\.\d{3}\.\d{3}-\d{2}$|^\d{6}[-+]\d{4}$|^\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}$"
        r"|^\d:\d{2}-(?:cr|cv|mj|mc)-\d{4,5}\b"
    ),
    "coordinates": r"^[-+]?\d{1,3}\.\d{4,}$",
    "phone": r"^(?:\+?\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}$|^\+\d[\d ().-]{7,16}$",
    "person_name": (
        rf"(?i)^(?:\d{{2,4}}[- ]?(?:cr|cv|cm|fa|jv|dp|md|mj)[-: ]?\d{{2,7}}"
        rf"|(?:cr|cv|fa|jv|dp)[-: ]?\d{{2,4}}[-: ]\d{{2,7}})"
        rf"[-:, (]+(?:{_NAME}|(?:\p{{L}}\.){{2,3}})"
        rf"|^{_NAME}[-:, (]+(?:\d{{2,4}}[- ]?)?(?:cr|cv|jv|dp|docket)[-: ]?\d{{2,7}}"
    ),
}
_PLATE = re.compile(
    r"([A-Z]{2,3})[-· ]?(\d{3,4})|\d([A-Z]{3})\d{3}|([A-Z]{2}\d{2}) ?[A-Z]{3}"
    r"|([A-Z]{1,3})-[A-Z]{1,2} ?\d{1,4}"
)
_MONTH_OF_YEAR = re.compile(
    r"(?:JAN|ENE|FEB|FEV|MAR|APR|ABR|AVR|MAY|MAI|JUN|JUL|AUG|AGO|AOU|SEP|SET|OCT|OUT|NOV|DEC|DIC|DEZ)"
    r"[-· ]?(?:19|20)\d\d"
)
_DATED = re.compile(r"(\p{L}{1,4})[-_. ]?(\d[\d/.\-]{4,9}\d)".replace(r"\p{L}", r"[^\W\d_]"))
_BEHIND = re.compile(r"(\d[\d/.\-]{4,9}\d)[-_. ]?([^\W\d_]{1,4})")
_LAST_FIRST = re.compile(r"([^\W\d_][\w'’\- ]*), ?([^\W\d_][\w'’\-.]*)(?: [^\W\d_][\w'’\-.]*){0,2}")
_WORDS = re.compile(r"[^\W\d_][\w'’\-]*\.?(?: [^\W\d_][\w'’\-]*\.?){0,4}")


def rule_of_people(values: pl.Series, *, skip: frozenset[str] = frozenset()) -> str | None:
    """Return the rule that the different values of a column break, or None.

    Parameters
    ----------
    values
        Different values, String, none null.
    skip
        Rules not looked at.
    """
    if rule := first_broken(values, {rule: one for rule, one in _ANY.items() if rule not in skip}):
        return rule
    # Not the first ones: numbers that follow one another begin alike.
    every = max(1, values.len() // _MOST_LOOKED_AT)
    told = [value.strip() for value in values.gather_every(every).to_list()]
    if "person_name" not in skip and _is_any_name(told):
        return "person_name"
    if values.len() < _FEWEST:
        return None
    if rule := first_usual(values, {rule: one for rule, one in _MOST.items() if rule not in skip}):
        return rule
    for rule, looks in _LOOKS:
        if rule not in skip and looks(told):
            return rule
    return None


_NUMBERED = re.compile(r"[\s_#-]*\d{1,3}$")  # Maria 1, Maria 2
_FEWEST_OF_SCRIPTS = 10
_SCRIPTS = re.compile(
    r"[А-ЯЁЇІЄҐ][а-яёїієґ'’\-]+(?: [А-ЯЁЇІЄҐ][а-яёїієґ'’\-]+){1,2}"
    r"|[김이박최정강조윤장임한오서신권황안송류유홍전고문양손배백허남심노하][가-힣]{2}"
    r"|[王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮董萧程曹袁邓鄧许許傅沈曾彭吕呂"
    r"苏蘇卢盧蒋蔣蔡贾丁魏薛叶葉余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹熊金陆陸][一-鿿]{1,2}"
)
_ARABIC = re.compile(r"[؀-ۿ]{2,}(?: [؀-ۿ]{2,}){1,3}")
_OF_PLACES = frozenset(
    {"san", "santa", "santo", "sao", "saint", "st", "ste", "port", "fort", "lake", "mount", "los"}
)


def _are_names(values: Sequence[str]) -> bool:
    """Given names and surnames of the shipped list, in any order and writing: a share of them is enough."""
    values = [_NUMBERED.sub("", value) for value in values]
    worded = [value for value in values if _WORDS.fullmatch(value) or _LAST_FIRST.fullmatch(value)]
    if len(worded) < max(_FEWEST, _HALF * len(values)):
        return False
    named = [_name_words(value) for value in worded]
    pairs = sum(
        len(words) > 1 and words[0].casefold().strip(".") not in _OF_PLACES and any(map(is_known, words))
        for words in named
    )
    alone = sum(len(words) == 1 and is_given_name(words[0]) for words in named)
    return pairs >= 0.3 * len(worded) or alone >= _HALF * len(worded)


def is_known(word: str) -> bool:
    """Tell whether a word is a frequent given name or surname."""
    return is_given_name(word) or is_surname(word)


def _name_words(value: str) -> list[str]:
    return [part for part in re.split(r"[,\s]+", value) if part]


def _are_last_first(values: Sequence[str]) -> bool:
    """Most are "Last, First": not "Town, State", of which few would be given names."""
    found = [match for match in map(_LAST_FIRST.fullmatch, values) if match]
    given = sum(is_given_name(match[2]) or is_surname(match[1]) for match in found)
    return len(found) >= max(_FEWEST, _HALF * len(values)) and given >= 0.2 * len(found)


def _are_plates(values: Sequence[str]) -> bool:
    """Signs of plates whose letters differ: the codes of a register begin alike. "Jul 2025" is a month."""
    values = [value for value in values if not _MONTH_OF_YEAR.fullmatch(value.upper())]
    found = [match for value in values if (match := _PLATE.fullmatch(value.upper()))]
    starts = {next(group for group in (match[1], match[3], match[4], match[5]) if group) for match in found}
    enough = max(5, 0.8 * len(values))
    return len(found) >= enough and len(starts) >= 0.6 * min(len(found), 200)


def _are_initials_and_days(values: Sequence[str]) -> bool:
    """Initials with a day of birth, before or behind: the letters differ and nearly all digits are a day."""
    starts = []
    for value in values:
        match, behind = _DATED.fullmatch(value), _BEHIND.fullmatch(value)
        letters, digits = (match[1], match[2]) if match else (behind[2], behind[1]) if behind else ("", "")
        if holds_day(re.sub(r"\D", "", digits)):
            starts.append(letters.casefold())
    return len(starts) >= max(5, 0.8 * len(values)) and len(set(starts)) >= 0.5 * min(len(starts), 50)


def _are_names_of_other_scripts(values: Sequence[str]) -> bool:
    """Names in Cyrillic, Chinese or Korean by their form, in Arabic by frequent given names."""
    if len(values) < _FEWEST_OF_SCRIPTS:
        return False
    shaped = sum(bool(_SCRIPTS.fullmatch(value)) for value in values)
    arabic = [value for value in values if _ARABIC.fullmatch(value)]
    given = sum(is_given_name(value.split()[0]) for value in arabic)
    return shaped >= 0.8 * len(values) or (len(arabic) >= 0.8 * len(values) and given >= 0.2 * len(arabic))


def _is_any_name(values: Sequence[str]) -> bool:
    """One value is a known given name and a known surname, and nothing else: "Lopez, Maria" among codes."""
    for value in values:
        words = [word for word in re.split(r"[,\s]+", value) if word]
        if len(words) == 2 and _WORDS.fullmatch(" ".join(words)):
            first, last = words[::-1] if "," in value else words
            if is_given_name(first) and is_surname(last):
                return True
    return False


_LOOKS: tuple[tuple[str, Callable[[Sequence[str]], bool]], ...] = (
    ("person_name", _are_last_first),
    ("person_name", _are_names),
    ("person_name", _are_names_of_other_scripts),
    ("birth_date", _are_initials_and_days),
    ("document_number", are_national_numbers),
    ("document_number", _are_plates),
)
