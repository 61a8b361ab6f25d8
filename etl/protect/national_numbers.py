"""Numbers that states and banks give people, told by their check digits.

A number of another kind passes such a check by chance one time in ten or less, so three different values that
all pass are no chance. Social security numbers of the United States have no check digit: they are told by
how they are spread: the numbers of a register follow one another, these do not.
"""

import re
from collections.abc import Callable, Sequence

from etl.protect.dates_inside import is_day

_FEWEST = 3  # different values below which a check says nothing
_SHARE = 0.9  # of the values that must pass
_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
_VIN = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))
Digits = Sequence[int]


def _weighted(digits: Digits, weights: Sequence[int]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False))


def _cnp(one: Digits) -> bool:
    rest = _weighted(one, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return one[-1] == (1 if rest == 10 else rest) and one[0] > 0 and is_day(one[3:5], one[5:7])


def _cpf(one: Digits) -> bool:
    def check(count: int) -> int:
        return _weighted(one[:count], range(count + 1, 1, -1)) * 10 % 11 % 10

    return len(set(one)) > 1 and (check(9), check(10)) == tuple(one[9:])


def _pesel(one: Digits) -> bool:
    month = (one[2] * 10 + one[3]) % 20
    is_month = 1 <= month <= 12
    return is_month and (10 - _weighted(one, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10) % 10 == one[-1]


def _turkish(one: Digits) -> bool:
    odd, even = sum(one[0:9:2]), sum(one[1:8:2])
    return one[0] > 0 and (7 * odd - even) % 10 == one[9] and sum(one[:10]) % 10 == one[10]


def _norwegian(one: Digits) -> bool:
    first = -_weighted(one, (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11
    return (first, -_weighted(one, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) == tuple(one[9:])


def _belgian(one: Digits) -> bool:
    text = "".join(map(str, one))
    return int(text[9:]) in (97 - int(text[:9]) % 97, 97 - int(f"2{text[:9]}") % 97)


def _german_tax(one: Digits) -> bool:
    product = 10
    for digit in one[:10]:
        product = ((digit + product) % 10 or 10) * 2 % 11
    return one[0] > 0 and (11 - product) % 10 == one[10]


def _nhs(one: Digits) -> bool:
    return 11 - (_weighted(one, range(10, 1, -1)) % 11 or 11) == one[9] % 11


def _egn(one: Digits) -> bool:
    month = (one[2] * 10 + one[3]) % 20
    return 1 <= month <= 12 and _weighted(one, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == one[9]


def _ukrainian(one: Digits) -> bool:
    return _weighted(one, (-1, 5, 7, 9, 4, 6, 10, 5, 7)) % 11 % 10 == one[9]


def _bsn(one: Digits) -> bool:
    return _weighted(one, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def _portuguese(one: Digits) -> bool:
    rest = _weighted(one, range(9, 1, -1)) % 11
    return one[8] == (0 if rest < 2 else 11 - rest)


def _luhn(one: Digits) -> bool:
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(one[::-1])]
    return sum(doubled) % 10 == 0


def _personnummer(one: Digits) -> bool:
    return is_day(one[2:4], one[4:6]) and _luhn(one)


def _insee(one: Digits) -> bool:
    text = "".join(map(str, one))
    return one[0] in (1, 2) and 97 - int(text[:13]) % 97 == int(text[13:])


def _korean(one: Digits) -> bool:
    return is_day(one[2:4], one[4:6]) and 0 < one[6] < 9


#: Number of digits → checks of numbers of that length, one country each.
_OF_DIGITS: dict[int, tuple[Callable[[Digits], bool], ...]] = {
    9: (_bsn, _portuguese),
    10: (_nhs, _egn, _ukrainian, _personnummer),
    11: (_cpf, _pesel, _turkish, _norwegian, _belgian, _german_tax),
    13: (_cnp, _korean),
    15: (_insee, _luhn),  # and numbers of telephones (IMEI)
    16: (_luhn,),
}


def _dni(text: str) -> bool:
    found = re.fullmatch(r"([XYZ]?)(\d{7,8})([A-Z])", text)
    if found is None or len(text) != 9:
        return False
    return _DNI[int("XYZ".find(found[1]) * bool(found[1]) * 10**7 + int(found[2])) % 23] == found[3]


def _chinese(text: str) -> bool:
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return False
    weights = [2**place % 11 for place in range(17, 0, -1)]
    return "10X98765432"[_weighted([int(sign) for sign in text[:17]], weights) % 11] == text[17]


def _vin(text: str) -> bool:
    if not re.fullmatch(r"[A-HJ-NPR-Z\d]{8}[\dX][A-HJ-NPR-Z\d]{8}", text) or text.isdigit():
        return False
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    rest = _weighted([_VIN[sign] if sign in _VIN else int(sign) for sign in text], weights) % 11
    return "0123456789X"[rest] == text[8]


def _finnish(text: str) -> bool:
    found = re.fullmatch(r"(\d{6})[-+A-FU-Y](\d{3})([0-9A-Y])", text)
    signs = "0123456789ABCDEFHJKLMNPRSTUVWXY"
    return found is not None and signs[int(found[1] + found[2]) % 31] == found[3]


_OF_SIGNS = (_dni, _chinese, _vin, _finnish)


def are_national_numbers(values: Sequence[str]) -> bool:
    """Tell whether values are national numbers with check digits, or those of the United States without.

    Parameters
    ----------
    values
        Different values of a column. Blanks, dots, dashes and slashes inside do not matter.

    Examples
    --------
    >>> are_national_numbers(["44051401359", "02070803628", "92060512186"])
    True
    >>> are_national_numbers(["10000000001", "10000000002", "10000000003"])
    False
    """
    whole = [value.strip().upper() for value in values]
    bare = [re.sub(r"[\s./-]", "", value) for value in whole]
    if len(bare) < _FEWEST:
        return False
    if _are_social_security(bare):
        return True
    enough = _SHARE * len(bare)
    if any(sum(check(value) for value in whole) >= enough for check in _OF_SIGNS[3:]):
        return True
    if any(sum(check(value) for value in bare) >= enough for check in _OF_SIGNS[:3]):
        return True
    for length, checks in _OF_DIGITS.items():
        digits = [list(map(int, value)) for value in bare if len(value) == length and value.isdecimal()]
        if len(digits) >= enough and any(sum(map(check, digits)) >= enough for check in checks):
            return True
    return False


def _are_social_security(bare: Sequence[str]) -> bool:
    """Nine digits, no two blocks alike: a register's own numbers follow one another or begin alike."""
    good = [one for one in bare if re.fullmatch(r"(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}", one)]
    starts = {one[:3] for one in good}
    return len(good) >= max(5, _SHARE * len(bare)) and len(starts) >= 0.6 * min(len(good), 400)
