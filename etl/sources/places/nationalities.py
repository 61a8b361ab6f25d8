"""Nationalities as the UK referral files write them: ``Albanian``, ``Albanian Greek``, ``Unknown UK``."""

from functools import cache

from etl.contracts.countries import alpha2_by_word
from etl.sources._catalogued import key

NOT_RECORDED = "not_recorded"
OTHER = "other"
_UNKNOWN = ("unknown", "notrecorded", "notspecified", "notspecifiedorunknown", "none", "")


@cache
def _words() -> dict[str, str]:
    # Capital letters are the country's alpha-2 code; codes themselves are no words here ("In" is not India).
    found = {key(word): code for word, code in alpha2_by_word().items() if len(word) > 3}
    return (
        found
        | dict.fromkeys(_UNKNOWN, NOT_RECORDED)
        | {"uk": "GB", "british": "GB", "uae": "AE", "usa": "US"}
    )


@cache
def nationality(text: str) -> str:
    """Return the countries of a nationality, in the order written, joined by ``+``.

    Parameters
    ----------
    text
        One nationality, or two written after each other (dual nationals).

    Returns
    -------
    str
        Alpha-2 codes in small letters, ``not_recorded`` for an unknown one, ``other`` for words that are no
        known country: ``al``, ``al+gr``, ``not_recorded+gb``. It stays one person whatever is returned.
    """
    words = text.replace("(", " ").replace(")", " ").replace("/", " ").split()
    found: list[str] = []
    start = 0
    while start < len(words):
        for end in range(len(words), start, -1):  # the longest name first: "South Sudanese" before "Sudanese"
            code = _words().get(key(" ".join(words[start:end])))
            if code:
                found.append(code.lower())
                start = end
                break
        else:
            found.append(OTHER)
            start += 1
    if not found:
        return NOT_RECORDED
    return "+".join(dict.fromkeys(found))
