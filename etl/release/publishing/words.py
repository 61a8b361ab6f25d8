"""Numbers of records in words, rounded: an exact number of rows is the true number of a quarter."""

SMALLEST = 10


def rounded_text(count: int) -> str:
    """Return a number of records to two significant figures, in tens at least.

    Parameters
    ----------
    count
        True number. 0 to 9 all become "fewer than 10".
    """
    if count < SMALLEST:
        return f"fewer than {SMALLEST}"
    step = max(10, 10 ** (len(str(count)) - 2))
    return f"{(count + step // 2) // step * step:,}"


def held_text(count: int) -> str:
    """Return how many records wait for a revision; the words for a small number say that it may be none.

    Parameters
    ----------
    count
        True number. 0 to 9 all become "none or fewer than 10": a plain "none" would be an exact number.
    """
    return f"none or {rounded_text(count)}" if count < SMALLEST else rounded_text(count)
