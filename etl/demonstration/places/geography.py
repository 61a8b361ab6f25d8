"""The areas of the fictional region and their outlines, as a statistical office would send them."""

import polars as pl
import shapely

from etl.demonstration.places import outlines
from etl.demonstration.region import District, Region


def areas(region: Region) -> pl.DataFrame:
    """Return the code list: region, counties, districts.

    Returns
    -------
    polars.DataFrame
        Columns of ``mart.area`` as text; an area is rural when most of its people live in rural districts.
    """
    shapes = _shapes(region)
    listed: list[tuple[str, str, int, str | None, list[District]]]
    listed = [(region.code, region.name, 0, None, list(region.districts))]
    listed += [(code, name, 1, region.code, region.of_county(code)) for code, name in region.counties]
    listed += [(d.code, d.name, 2, d.county, [d]) for d in region.districts]
    rows = []
    for code, name, level, parent, inside in listed:
        rural = sum(d.share for d in inside if d.rural) > sum(d.share for d in inside) / 2
        point = shapes[code].representative_point()
        rows.append(
            {
                "geography": region.geography,
                "code": code,
                "name": name,
                "level": str(level),
                "level_name": region.level_names[level],
                "parent": parent,
                "is_rural": "yes" if rural else "no",
                "lon": f"{point.x:.4f}",
                "lat": f"{point.y:.4f}",
            }
        )
    return pl.DataFrame(rows)


def area_shapes(region: Region) -> pl.DataFrame:
    """Return the outline of every area: geography, code, wkb (EPSG:4326)."""
    shapes = _shapes(region)
    return pl.DataFrame(
        {
            "geography": [region.geography] * len(shapes),
            "code": list(shapes),
            "wkb": [shapely.to_wkb(shape, byte_order=1) for shape in shapes.values()],
        }
    )


def _shapes(region: Region) -> dict[str, shapely.Geometry]:
    """Draw every area: the region, its counties, its districts."""
    drawn = outlines.districts(region)
    shapes: dict[str, shapely.Geometry] = {region.code: outlines.merged(list(drawn.values()))}
    for code, _ in region.counties:
        shapes[code] = outlines.merged([drawn[d.code] for d in region.of_county(code)])
    return shapes | drawn
