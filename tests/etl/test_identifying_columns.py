"""Columns as real shelters keep them: what identifies people is refused, mapped or not, however headed."""

import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from etl.protect import national_numbers as numbers
from etl.protect.anonymise import find_identifiers
from etl.protect.identifiers import rule_of_name
from tests.etl.made_home import CommandLine

ROWS = 24


def made(check: Callable[[list[int]], bool], length: int, first: str = "") -> list[str]:
    """Return numbers of a length that pass a check."""
    chance, kept = random.Random(length), []
    while len(kept) < ROWS:
        text = first + "".join(chance.choice("0123456789") for _ in range(length - len(first)))
        if check([int(sign) for sign in text]):
            kept.append(text)
    return kept


def spread(template: str) -> list[str]:
    """Return a value for each row: # is a digit, @ a letter, both drawn."""
    chance = random.Random(template)
    return [
        "".join(
            chance.choice("0123456789")
            if sign == "#"
            else chance.choice("ABCDEFGHJKLMNPRSTUVWXYZ")
            if sign == "@"
            else sign
            for sign in template
        )
        for _ in range(ROWS)
    ]


GIVEN = (
    "Maria",
    "Rosa",
    "Natalia",
    "Fatima",
    "Linh",
    "Oksana",
    "Blessing",
    "Jose",
    "Ahmed",
    "Ivan",
    "Priya",
    "Wei",
)
LAST = (
    "Lopez",
    "Smith",
    "Nguyen",
    "Popescu",
    "Shevchenko",
    "Okafor",
    "Silva",
    "Khan",
    "Kim",
    "Santos",
    "Ivanova",
    "Diallo",
)
PAIRS = [(GIVEN[n % 12], LAST[(n * 5 + n // 12) % 12]) for n in range(ROWS)]
DAYS = [(1 + n % 12, 1 + (n * 7) % 28, 1988 + n % 20) for n in range(ROWS)]
INITIALS = [f"{chr(65 + n % 23)}{chr(65 + (n * 7) % 25)}" for n in range(ROWS)]
IDENTIFYING: dict[str, list[str]] = {
    "last, first": [f"{last}, {first}" for first, last in PAIRS],
    "last,first": [f"{last},{first}" for first, last in PAIRS],
    "LAST, FIRST": [f"{last}, {first}".upper() for first, last in PAIRS],
    "last, first m.": [f"{last}, {first} J." for first, last in PAIRS],
    "first last": [f"{first} {last}" for first, last in PAIRS],
    "FIRST LAST": [f"{first} {last}".upper() for first, last in PAIRS],
    "first last, small": [f"{first} {last}".lower() for first, last in PAIRS],
    "first names": [first for first, _ in PAIRS],
    "first name and initial": [f"{first} {last[0]}." for first, last in PAIRS],
    "title and surname": [f"Ms. {last}" for _, last in PAIRS],
    "names by which she is known": [f"{first} aka Candy" for first, _ in PAIRS],
    "three words": [f"{first} {last} {LAST[n % 12]}" for n, (first, last) in enumerate(PAIRS)],
    "Ukrainian names": [
        f"{one} {two}"
        for one in ("Олена", "Оксана", "Ірина", "Юлія", "Анна")
        for two in ("Коваленко", "Шевченко", "Бойко", "Ткач")
    ],
    "Arabic names": [
        f"{one} {two}"
        for one in ("فاطمة", "عائشة", "مريم", "نور", "ليلى", "سارة")
        for two in ("حسن", "علي", "خالد", "محمود")
    ],
    "Chinese names": [one + two for one in "王李张刘陈杨" for two in ("小丽", "伟", "芳", "秀英")],
    "Korean names": [one + two for one in "김이박최정강" for two in ("민지", "서연", "지우", "은지")],
    "Vietnamese names": [f"Nguyễn Thị {one}" for one in ("Hương", "Linh", "Trang", "Ngọc", "Thủy", "Phương")]
    * 4,
    "initials and birth": [
        f"{letters}{m:02d}{d:02d}{y}" for letters, (m, d, y) in zip(INITIALS, DAYS, strict=True)
    ],
    "initials-birth": [
        f"{letters}-{m:02d}/{d:02d}/{y}" for letters, (m, d, y) in zip(INITIALS, DAYS, strict=True)
    ],
    "birth and initials": [
        f"{y}{m:02d}{d:02d}{letters}" for letters, (m, d, y) in zip(INITIALS, DAYS, strict=True)
    ],
    "initials and short birth": [
        f"{letters}{m:02d}{d:02d}{y % 100:02d}" for letters, (m, d, y) in zip(INITIALS, DAYS, strict=True)
    ],
    "A-number": spread("A#########"),
    "A-number, dashes": spread("A###-###-###"),
    "A-number, sign and blank": [f"A# {t}" for t in spread("########")],
    "A-number, sign": [f"A#{t}" for t in spread("#########")],
    "alien number, no A": spread("###-###-###"),
    "receipt": spread("EAC##########"),
    "UNHCR": spread("###-##C#####"),
    "state v.": [f"State v. {last}" for _, last in PAIRS],
    "people v.": [f"People v. {letters}" for letters in INITIALS],
    "in re": [f"In re {last}" for _, last in PAIRS],
    "docket with surname": [f"24-CR-{n:05d} {last}" for n, (_, last) in enumerate(PAIRS)],
    "docket-surname": [f"CR-24-{n:04d}-{last.upper()}" for n, (_, last) in enumerate(PAIRS)],
    "surname, docket": [f"{last} CR-24-{n:04d}" for n, (_, last) in enumerate(PAIRS)],
    "federal docket": spread("2:23-cr-00###"),
    "facebook": [f"facebook.com/{first.lower()}.{n}" for n, (first, _) in enumerate(PAIRS)],
    "instagram": [f"ig: {first.lower()}_{n}" for n, (first, _) in enumerate(PAIRS)],
    "tiktok": [f"tiktok.com/@{first.lower()}{n}" for n, (first, _) in enumerate(PAIRS)],
    "handle": [f"@{first.lower()}{n}" for n, (first, _) in enumerate(PAIRS)],
    "telegram": [f"t.me/{first.lower()}{n}" for n, (first, _) in enumerate(PAIRS)],
    "snapchat": [f"snap: {first.lower()}{n}" for n, (first, _) in enumerate(PAIRS)],
    "cash app": [f"${first.lower()}{n}" for n, (first, _) in enumerate(PAIRS)],
    "web": [f"https://example.org/{n}" for n in range(ROWS)],
    "plate, California": spread("#@@@###"),
    "plate": spread("@@@-####"),
    "plate, blank": spread("@@@ ####"),
    "plate, United Kingdom": spread("@@## @@@"),
    "VIN": ["1M8GDM9AXKP042788", "1HGCM82633A004352", "5GZCZ43D13S812715"],
    "CNP": made(numbers._cnp, 13, "2"),
    "CPF": made(numbers._cpf, 11),
    "CPF, dots": [f"{t[:3]}.{t[3:6]}.{t[6:9]}-{t[9:]}" for t in made(numbers._cpf, 11)],
    "NIE": [
        f"{'XYZ'[n % 3]}{n * 98_765:07d}" + numbers._DNI[(n % 3 * 10**7 + n * 98_765) % 23]
        for n in range(1, ROWS)
    ],
    "DNI": [f"{n * 1_234_567:08d}" + numbers._DNI[n * 1_234_567 % 23] for n in range(1, ROWS)],
    "PESEL": made(numbers._pesel, 11),
    "SSN": spread("###-##-####"),
    "SSN, no dashes": [t for t in spread("#########") if t[0] not in "09" and t[:3] != "666"],
    "NHS": made(numbers._nhs, 10),
    "NHS, blanks": [f"{t[:3]} {t[3:6]} {t[6:]}" for t in made(numbers._nhs, 10)],
    "BSN": made(numbers._bsn, 9),
    "TCKN": made(numbers._turkish, 11),
    "INSEE": made(numbers._insee, 15, "2"),
    "personnummer": [f"{t[:6]}-{t[6:]}" for t in made(numbers._personnummer, 10)],
    "EGN": made(numbers._egn, 10),
    "German tax number": made(numbers._german_tax, 11),
    "IMEI": made(numbers._luhn, 15, "35"),
    "card": made(numbers._luhn, 16, "4"),
    "CURP": spread("LOPM######MDF@@@A#"),
    "national insurance": [f"AB {t[:2]} {t[2:4]} {t[4:6]} C" for t in spread("######")],
    "coordinates": [f"{30 + n}.71{n:03d}, -74.00{n:03d}" for n in range(ROWS)],
    "coordinates, no comma": [f"{30 + n}.71{n:03d} -74.00{n:03d}" for n in range(ROWS)],
    "degrees": [f"{30 + n}°42'46\"N 74°00'{n:02d}\"W" for n in range(ROWS)],
    "latitude": [f"40.71{n:04d}" for n in range(ROWS)],
    "plus code": [f"87G8Q2{'23456789'[n % 8]}C+{'23456789'[n // 8]}V" for n in range(ROWS)],
    "what3words": [
        f"///{a}.{b}.lamp"
        for a in ("river", "table", "stone")
        for b in ("cup", "door", "hat", "key", "sun", "tree", "leaf", "moon")
    ],
    "phone": spread("(555) ###-####"),
    "phone, dashes": spread("555-###-####"),
    "phone, plus": spread("+1 555 ### ####"),
    "two rows of names": ["Lopez, Maria", "Diaz, Rosa"],
    "one name among codes": [*(f"C{n:04d}" for n in range(ROWS)), "Nguyen, Linh"],
    "one full name among codes": [*(f"C{n:04d}" for n in range(ROWS)), "Maria Lopez"],
    "given names with a number": [f"{first} {n}" for n, (first, _) in enumerate(PAIRS)],
    "name and A-number": [f"{first} (A{100_000_000 + n * 7_919})" for n, (first, _) in enumerate(PAIRS)],
    "docket of a minor": [f"24-JV-{n:04d} M.L." for n in range(ROWS)],
    "initials and last four": spread("@@-####"),
    "mail": [f"{first.lower()}{n}@example.org" for n, (first, _) in enumerate(PAIRS)],
}
HARMLESS: dict[str, list[str]] = {
    "client numbers": [f"C{n:05d}" for n in range(ROWS)],
    "year and number": [f"2025/{n:03d}" for n in range(ROWS)],
    "year-number": [f"2025-{n:04d}" for n in range(ROWS)],
    "shelter code": [f"SH-{n:04d}" for n in range(ROWS)],
    "three letters": [f"ABC-{n:04d}" for n in range(ROWS)],
    "sites and numbers": [f"{('LKR', 'MTN', 'SEA')[n % 3]}-{n:04d}" for n in range(ROWS)],
    "intake day": [f"SH2025{1 + n % 12:02d}{1 + n:02d}" for n in range(ROWS)],
    "whole numbers": [str(1_000 + n) for n in range(ROWS)],
    "nine digits, one after another": [str(400_000_000 + 7 * n) for n in range(ROWS)],
    "ten digits": [str(2_025_000_000 + n) for n in range(ROWS)],
    "eleven digits": [str(20_250_000_000 + n) for n in range(ROWS)],
    "thirteen digits": [str(2_025_000_000_000 + n) for n in range(ROWS)],
    "drawn by a program": [f"{random.Random(n).getrandbits(40):010x}" for n in range(ROWS)],
    "uuid": [
        f"{random.Random(n).getrandbits(32):08x}-4a1b-4c2d-9e3f-{random.Random(n).getrandbits(48):012x}"
        for n in range(ROWS)
    ],
    "counties": [
        "Orange",
        "Los Angeles",
        "Madison",
        "Jackson",
        "Jefferson",
        "San Diego",
        "Santa Clara",
        "Washington",
        "St. Joseph",
        "King",
        "Dona Ana",
        "Prince George's",
    ],
    "towns and states": [
        "Austin, Texas",
        "Portland, Oregon",
        "Jackson, Mississippi",
        "Charlotte, North Carolina",
        "Augusta, Georgia",
    ],
    "organisations": [
        "Harbour Refuge",
        "State Police",
        "City Court",
        "Legal Aid",
        "Women's Centre",
        "St. Mary's Hospital",
        "Open Table",
    ],
    "kinds": ["forced labour", "sexual exploitation", "domestic servitude", "other"],
    "months": [f"2025-{1 + n % 12:02d}" for n in range(ROWS)],
    "countries": [
        "Romania",
        "Ukraine",
        "Viet Nam",
        "Philippines",
        "Haiti",
        "Mexico",
        "China",
        "Korea, Republic of",
    ],
    "languages": ["Tiếng Việt", "українська", "العربية", "中文", "한국어", "Kreyòl", "Tagalog", "română"],
    "Korean words": [
        "확인",
        "미확인",
        "불명",
        "기타",
        "여성",
        "남성",
        "아동",
        "성인",
        "한국",
        "중국",
        "강제노동",
    ],
    "Chinese words": [
        "已确认",
        "未确认",
        "不详",
        "其他",
        "女性",
        "男性",
        "儿童",
        "成人",
        "强迫劳动",
        "家政",
        "乞讨",
    ],
    "Ukrainian words": [
        *(
            "примусова праця",
            "сексуальна експлуатація",
            "домашнє рабство",
            "примусове жебрацтво",
            "не відомо",
        ),
        *("інша форма", "подвійна форма", "без даних", "на розгляді", "не підтверджено", "так підтверджено"),
    ],
    "Arabic words": [
        *(
            "عمل قسري",
            "استغلال جنسي",
            "غير معروف",
            "غير مؤكد",
            "شكل آخر",
            "عمل منزلي",
            "قيد النظر",
            "لا بيانات",
        ),
        *("زواج قسري", "تسول قسري", "نزع أعضاء"),
    ],
    "docket numbers alone": [f"24-CR-{n:04d}" for n in range(ROWS)],
    "answers": ["yes", "no", "unknown"],
    "amounts": [f"{n * 13}.50" for n in range(ROWS)],
    "shares": [f"0.{n:02d}" for n in range(ROWS)],
    "postal areas": [f"TM{100 + n}" for n in range(ROWS)],
    "codes of offences": ["18 USC 1591", "PC 236.1", "Art. 232a StGB", "s.2 MSA 2015"],
}


def test_there_are_as_many_as_were_tried() -> None:
    assert len(IDENTIFYING) >= 65


@pytest.mark.parametrize("is_mapped", [False, True], ids=["not mapped", "as client number"])
@pytest.mark.parametrize("name", IDENTIFYING)
def test_identifying_columns_are_refused_mapped_or_not(name: str, is_mapped: bool) -> None:
    values = IDENTIFYING[name]
    frame = pl.DataFrame({"column": [*values, None]}, schema={"column": pl.String})
    assert find_identifiers(frame, references=["column"] if is_mapped else []), name


@pytest.mark.parametrize("is_mapped", [False, True], ids=["not mapped", "as client number"])
@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_columns_are_not(name: str, is_mapped: bool) -> None:
    values = HARMLESS[name] * 3
    frame = pl.DataFrame({"column": values}, schema={"column": pl.String})
    before = {"nine digits, one after another", "ten digits", "intake day"} if not is_mapped else set()
    assert bool(find_identifiers(frame, references=["column"] if is_mapped else [])) == (name in before)


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (numbers._cnp, "1800101221144"),
        (numbers._cpf, "52998224725"),
        (numbers._cpf, "11144477735"),
        (numbers._pesel, "44051401359"),
        (numbers._pesel, "02070803628"),
        (numbers._nhs, "9434765919"),
        (numbers._nhs, "4010232137"),
        (numbers._bsn, "111222333"),
        (numbers._turkish, "10000000146"),
        (numbers._belgian, "85073003328"),
        (numbers._german_tax, "86095742719"),
        (numbers._insee, "255081416802538"),
        (numbers._egn, "7523169263"),
        (numbers._personnummer, "8112189876"),
        (numbers._luhn, "4111111111111111"),
        (numbers._portuguese, "123456789"),
    ],
)
def test_checks_agree_with_published_examples(check: Callable[[list[int]], bool], number: str) -> None:
    digits = [int(sign) for sign in number]
    assert check(digits)
    assert not check([*digits[:-1], (digits[-1] + 1) % 10])


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (numbers._dni, "12345678Z"),
        (numbers._dni, "X1234567L"),
        (numbers._chinese, "11010519491231002X"),
        (numbers._finnish, "131052-308T"),
        (numbers._vin, "1M8GDM9AXKP042788"),
    ],
)
def test_checks_of_letters_agree_too(check: Callable[[str], bool], number: str) -> None:
    assert check(number)
    assert not check(number[:-1] + ("A" if number[-1] != "A" else "B"))


HEADINGS = {
    "person_name": "Họ và tên|Tên khách hàng|Pangalan|Apelyido|Siyati|Prenon|Nume de familie|"
    "Prenume|Прізвище|Ім'я|По батькові|الاسم الكامل|اللقب|姓名|名字|이름|성명",
    "birth_date": "Ngày sinh|Petsa ng kapanganakan|Kaarawan|Dat nesans|Data nașterii|"
    "Дата народження|تاريخ الميلاد|出生日期|생년월일",
    "phone": "Số điện thoại|Numero ng telepono|Nimewo telefòn|Telefon|"
    "Мобільний телефон|رقم الهاتف|手机|휴대폰",
    "address": "Địa chỉ|Tirahan|Adresă|Domiciliu|Адреса|العنوان|住址|주소",
    "document_number": "Số hộ chiếu|CCCD|Pasaporte|Paspò|CNP|Cod numeric personal|"
    "РНОКПП|رقم الهوية|身份证号|주민등록번호|Docket|License plate",
    "free_text": "Ghi chú|Puna|Remak|Observații|Примітки|ملاحظات|备注|비고",
}


@pytest.mark.parametrize(
    ("rule", "heading"), [(rule, one) for rule, text in HEADINGS.items() for one in text.split("|")]
)
def test_headings_of_many_languages(rule: str, heading: str) -> None:
    assert rule_of_name(heading) == rule


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "Not recorded",
            "Not met",
            "Help line",
            "Hotline",
            "Social media",
            "Risk profile",
            "CPR trained",
            "Ten or more",
        ),
        *(
            "Quốc gia",
            "Bansa",
            "Țara nașterii",
            "Країна народження",
            "국적",
            "国家",
            "الجنسية",
            "Peyi",
            "Tỉnh",
            "Vârsta",
        ),
        *(
            "Người giới thiệu đến",
            "Giới tính",
            "Стать",
            "性别",
            "성별",
            "الجنس",
            "Sex",
            "Vârstă",
            "Tuổi",
            "Edad",
        ),
    ],
)
def test_harmless_headings_of_many_languages(heading: str) -> None:
    assert rule_of_name(heading) is None


def test_the_command_refuses_names_as_client_numbers_and_tells_none(
    run_with_areas: CommandLine, tmp_path: Path
) -> None:
    rows = [f'"{last}, {first}",2025-01' for first, last in PAIRS]
    data, mapping = tmp_path / "p.csv", tmp_path / "p.toml"
    data.write_text("client,month\n" + "\n".join(rows) + "\n", "utf-8")
    mapping.write_text(
        'period = "2025-01..2025-12"\n[source]\nid = "a"\nlabel = "a"\ncollection = "r"\n'
        'geography = "riverland"\n'
        '[[table]]\nname = "person"\n[table.columns]\nperson_ref = "client"\nperiod = "month"\n',
        "utf-8",
    )
    done = run_with_areas.load((data, mapping))
    assert done.code == 1
    assert "client" in done.err + done.out and "names of people" in done.err + done.out
    assert not any(last in done.err + done.out for _, last in PAIRS)
