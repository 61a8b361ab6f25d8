"""Answers already given, so that a page which many readers open is looked up once."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from analysis import Answer, Question
from analysis import answer as answer_questions
from analysis.release.release import Release


class Kept:
    """Answers already given, by release and question: published numbers, shared by readers of a profile."""

    most = 512

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, Question], Answer] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, release: Release, questions: Sequence[Question]) -> list[Answer]:
        """Return answers in the order of the questions; those not kept yet cost one look-up together.

        Raises
        ------
        ReleaseNotOffered
            If the release was withdrawn: what is kept of it is not handed out either.
        """
        release.refuse_withdrawn()
        keys = [(release.manifest.sha256, question) for question in questions]
        with self._lock:
            found = {key: self._answers[key] for key in keys if key in self._answers}
        missing = list(dict.fromkeys(key for key in keys if key not in found))
        if missing:
            asked = [question for _, question in missing]
            found |= zip(missing, answer_questions(asked, release, strict=False), strict=True)
        with self._lock:
            self._answers |= found
            for key in keys:
                self._answers.move_to_end(key)
            while len(self._answers) > self.most:
                self._answers.popitem(last=False)
        return [found[key] for key in keys]

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._answers.clear()


_OF_PROFILES = {"public": Kept(), "partner": Kept(), "steward": Kept()}


def of_profile(profile: str) -> Kept:
    """Return where answers of releases of a profile are kept."""
    return _OF_PROFILES[profile]


def forget() -> None:
    """Forget the answers of all profiles."""
    for one in _OF_PROFILES.values():
        one.forget()
