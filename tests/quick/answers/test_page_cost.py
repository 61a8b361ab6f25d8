"""A page costs one look-up, whatever it asks. Its time is printed, never judged: the machine may be busy."""

import time

from analysis import Question, answer

PAGE = [
    Question("detected_persons", ["period"], period_level="month"),
    Question("detected_persons"),
    Question("detected_persons", ["area"], area_level=2),
    Question("detection_rate_per_100k", ["area"], area_level=2, periods=("2025", "2025")),
    Question("child_share", ["period"]),
    Question("form_share", ["period", "form"]),
    Question("acceptance_share", ["period"]),
    Question("fbi_offences_known", ["period"]),
]


def test_what_eight_questions_ask_beside_cells_is_one_select(release, monkeypatch):
    answer(PAGE, release)
    asked = []
    rows = release.rows
    monkeypatch.setattr(release, "rows", lambda sql, values=(): asked.append(sql) or rows(sql, values))
    times = []
    for _ in range(20):
        start = time.perf_counter()
        answer(PAGE, release)
        times.append(1000 * (time.perf_counter() - start))
    assert len(asked) == 20 and all(sql.count("FROM") >= 2 and "cell_" not in sql for sql in asked)
    print(f"\na page of {len(PAGE)} questions: median {sorted(times)[10]:.1f} ms, best {min(times):.1f} ms")


def test_the_same_figures_are_fetched_once(release, monkeypatch):
    asked = []
    rows = release.rows
    monkeypatch.setattr(release, "rows", lambda sql, values=(): asked.append(sql) or rows(sql, values))
    answer([Question("fbi_offences_known", ["period"])] * 8, release)
    assert [sql.count("UNION ALL") for sql in asked] == [0]
