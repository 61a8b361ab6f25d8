"""What lasts as long as the process, taken out of the search for garbage.

Now and then Python looks through every object of the process for garbage, and no reader is served meanwhile.
Nearly all of them are the libraries, the catalog and the release, which nobody lets go of: with them a look
takes longer than drawing a page. Objects that are not looked through are still freed when nothing holds them
any more; only rings among them would stay, and each release adds them once. Streamlit would have it look
after each run as well, which `.streamlit/config.toml` ends: it costs more the more readers there are.
"""

import gc
import threading

_known: set[str] = set()
_lock = threading.Lock()


def keep(release_id: str) -> None:
    """Take what is held by now out of the search; once for each release that a page was drawn of."""
    with _lock:
        if release_id in _known:
            return
        _known.add(release_id)
    gc.collect()
    gc.freeze()
