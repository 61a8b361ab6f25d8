"""How far help is: travel minutes, people within reach, and places shared among all who reach them.

Travel is modelled, not measured: the great circle times `DETOUR`, at a speed for towns and one for the
country. The two-step floating catchment shares the places of each site among all who can reach it and adds
up, for each area, what it can reach; the enhanced form lets nearer places count more, here with Gaussian
weights. An area that reaches nothing has 0; it is never missing.

Sources: Luo & Wang (2003), Environ. Plan. B 30, 865-884; Luo & Qi (2009), Health Place 15, 1100-1107; Dai
(2010), Health Place 16, 1038-1052.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.checked import LARGEST, figures, refuse, same_length

Array = NDArray[np.float64]

EARTH_KM = 6371.0088
DETOUR = 1.3
TOWN_KM_PER_HOUR = 40.0
COUNTRY_KM_PER_HOUR = 60.0
CATCHMENT_MINUTES = 60.0


def great_circle(lon: ArrayLike, lat: ArrayLike, to_lon: ArrayLike, to_lat: ArrayLike) -> Array:
    """Return kilometres from each of n places to each of m places, shape (n, m).

    Parameters
    ----------
    lon, lat : arrays of n degrees
    to_lon, to_lat : arrays of m degrees

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    from_here = _degrees("lon", lon, 360), _degrees("lat", lat, 90)
    to_there = _degrees("to_lon", to_lon, 360), _degrees("to_lat", to_lat, 90)
    same_length(lon=from_here[0], lat=from_here[1])
    same_length(to_lon=to_there[0], to_lat=to_there[1])
    a, b = (np.radians(one)[:, None] for one in from_here)
    c, d = (np.radians(one)[None, :] for one in to_there)
    half = np.sin((d - b) / 2) ** 2 + np.cos(b) * np.cos(d) * np.sin((c - a) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))


def travel_minutes(kilometres: ArrayLike, is_rural: ArrayLike) -> Array:
    """Return minutes on the road, from straight kilometres of shape (n, m).

    Parameters
    ----------
    kilometres : array (n, m)
    is_rural : array of n: whether the journey begins in the country

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    straight, rural = _table("kilometres", kilometres), np.asarray(is_rural, bool)
    if rural.shape != straight.shape[:1]:
        raise ValueError(f"is_rural has the shape {rural.shape}; kilometres has {straight.shape}")
    speed = np.where(rural, COUNTRY_KM_PER_HOUR, TOWN_KM_PER_HOUR)[:, None]
    return straight * DETOUR / speed * 60


def within(minutes: ArrayLike, residents: ArrayLike, limit: float) -> float:
    """Return the residents who live within some minutes of the nearest of m sites; 0 without a site.

    Parameters
    ----------
    minutes : array (n, m); infinite where there is no way
    residents : array of n
    limit
        Minutes.

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    table, people = _table("minutes", minutes), _people(residents, minutes)
    if table.shape[1] == 0:
        return 0.0
    return float(people[table.min(axis=1) <= limit].sum())


def gaussian_weights(minutes: ArrayLike, catchment: float = CATCHMENT_MINUTES) -> Array:
    """Return weights that fall from 1 at no distance to 0 at the edge of the catchment (Dai 2010).

    Examples
    --------
    >>> [round(float(w), 3) for w in gaussian_weights([0, 30, 60, 90])]
    [1.0, 0.701, 0.0, 0.0]
    """
    near = _minutes(minutes, catchment) / catchment
    weight = (np.exp(-0.5 * near**2) - np.exp(-0.5)) / (1 - np.exp(-0.5))
    return np.where(near < 1, weight, 0.0)


def plain_weights(minutes: ArrayLike, catchment: float = CATCHMENT_MINUTES) -> Array:
    """Return 1 inside the catchment and 0 outside: the two-step floating catchment as first published."""
    return np.where(_minutes(minutes, catchment) <= catchment, 1.0, 0.0)


def floating_catchment(weights: ArrayLike, residents: ArrayLike, places: ArrayLike) -> Array:
    """Return places per resident that each of n areas can reach.

    Step one: the places of each site over the residents who can reach it, weighted. Step two: for each area
    the sum of these ratios over the sites it can reach, weighted. Added up over residents this gives back all
    places of sites that somebody can reach.

    Parameters
    ----------
    weights : array (n, m)
        From `gaussian_weights` or `plain_weights`.
    residents : array of n
    places : array of m

    Returns
    -------
    array of n; 0 where nothing is reached

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    table, people = _table("weights", weights), _people(residents, weights)
    refuse("weights", np.isinf(table), "has no end")
    offered = figures("places", places, at_least=0)
    if offered.shape != table.shape[1:]:
        raise ValueError(f"places has the shape {offered.shape}; weights has {table.shape}")
    refuse("places", np.isnan(offered), "is no number")
    asking = people @ table
    ratio = np.divide(offered, asking, out=np.zeros_like(asking), where=asking > 0)
    found: Array = table @ ratio
    return found


def _degrees(name: str, values: ArrayLike, most: float) -> Array:
    found = figures(name, values, at_least=-most, at_most=most)
    refuse(name, np.isnan(found), "is no number")
    if found.ndim != 1:
        raise ValueError(f"{name} has the shape {found.shape}; allowed: (n,)")
    return found


def _minutes(minutes: ArrayLike, catchment: float) -> Array:
    if not catchment > 0:
        raise ValueError(f"catchment is {catchment}; allowed: above 0")
    found = np.asarray(minutes, dtype=np.float64)
    _refuse_lengths("minutes", found)
    return found


def _table(name: str, values: ArrayLike) -> Array:
    """Return an array of areas by sites; infinite where there is no way."""
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 2:
        raise ValueError(f"{name} has the shape {found.shape}; allowed: (areas, sites)")
    _refuse_lengths(name, found)
    return found


def _refuse_lengths(name: str, found: Array) -> None:
    refuse(name, np.isnan(found) | (found < 0), "is no number of 0 or more")
    refuse(name, np.isfinite(found) & (found > LARGEST), f"is beyond {LARGEST:g}, and yet has an end")


def _people(residents: ArrayLike, table: ArrayLike) -> Array:
    people, areas = figures("residents", residents, at_least=0), np.shape(table)[:1]
    if people.shape != areas:
        raise ValueError(f"residents has the shape {people.shape}; allowed: {areas}")
    refuse("residents", np.isnan(people), "is no number")
    return people
