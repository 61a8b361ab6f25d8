-- Grain: mart.reach an area of the finest level with a centre × a type of service: minutes to the nearest site, and
-- places within reach. Restricted: finer than what may be published. The figures made from it are coarser.
-- Why: how many residents live within reach of help, worked out here because the sites may not leave.
--
-- Minutes: great circle × 1.3 (roads are no straight lines), at 40 km/h from towns and 60 km/h from the country.
-- Places within reach: enhanced two-step floating catchment with Gaussian weights, 60 minutes (Dai 2010); the same
-- formulas as analysis/statistics/access.py, to which a test holds them equal.
-- What is published, so that nobody can work a site out again: by county only for types with at least three sites
-- and never for housing and shelter; for those only the whole region, in steps of ten per cent, from three sites on.

CREATE TABLE mart.reach_origin AS
WITH newest AS (
    SELECT geography, code, arg_max(population, year) AS residents
    FROM mart.area_population WHERE age_group = 'all' AND sex = 'all' GROUP BY geography, code
), finest AS (
    SELECT geography, max(level) AS level
    FROM mart.area JOIN newest USING (geography, code)
    WHERE lon IS NOT NULL AND level BETWEEN 1 AND 2
      AND geography IN (SELECT geography FROM mart.service_site)
    GROUP BY geography
)
SELECT
    area.geography, area.code, CASE area.level WHEN 2 THEN area.parent ELSE area.code END AS county,
    area.lon, area.lat, coalesce(area.is_rural, false) AS is_rural, residents
FROM mart.area AS area
JOIN finest USING (geography, level)
JOIN newest USING (geography, code)
WHERE area.lon IS NOT NULL AND residents > 0;

-- The newest number of places of a service, in equal parts at its sites.
CREATE TABLE mart.reach_site AS
WITH newest AS (
    SELECT service, sum(places) AS places FROM mart.service_capacity
    WHERE is_open
    GROUP BY service, period_start
    QUALIFY rank() OVER (PARTITION BY service ORDER BY period_start DESC) = 1
), site AS (
    SELECT DISTINCT geography, service, service_type, longitude AS lon, latitude AS lat
    FROM mart.service_site SEMI JOIN (SELECT service FROM mart.service WHERE is_active) USING (service)
    WHERE longitude IS NOT NULL
)
SELECT site.*, coalesce(places, 0) / count(*) OVER (PARTITION BY service) AS places
FROM site LEFT JOIN newest USING (service);

CREATE TABLE mart.reach_pair AS
SELECT
    origin.geography, origin.code, origin.residents, site.service, site.service_type, site.lon, site.lat, site.places,
    2 * 6371.0088 * asin(sqrt(least(1.0,
        sin(radians(site.lat - origin.lat) / 2) ** 2
        + cos(radians(origin.lat)) * cos(radians(site.lat)) * sin(radians(site.lon - origin.lon) / 2) ** 2
    ))) * 1.3 / CASE WHEN origin.is_rural THEN 60 ELSE 40 END * 60 AS minutes
FROM mart.reach_origin AS origin JOIN mart.reach_site AS site USING (geography);

CREATE TABLE mart.reach AS
WITH weighted AS (
    SELECT
        *, CASE WHEN minutes < 60 THEN (exp(-0.5 * (minutes / 60) ** 2) - exp(-0.5)) / (1 - exp(-0.5)) ELSE 0 END
            AS weight
    FROM mart.reach_pair
), shared AS (
    SELECT *, sum(weight * residents) OVER (PARTITION BY geography, service, lon, lat) AS asking FROM weighted
)
SELECT
    geography, code, service_type, min(minutes) AS minutes,
    coalesce(sum(weight * places / nullif(asking, 0)), 0) AS places_per_resident
FROM shared
GROUP BY ALL;

-- What may be published of it, by the area that it is published for.
CREATE TABLE mart.reach_published AS
WITH sites AS (
    SELECT geography, service_type, count(DISTINCT (lon, lat)) AS sites FROM mart.reach_site GROUP BY ALL
), home AS (
    SELECT geography, min(code) AS code FROM mart.area WHERE level = 0 GROUP BY geography HAVING count(*) = 1
), placed AS (
    SELECT
        reach.*, residents, CASE WHEN service_type = 'housing' THEN 10 ELSE 1 END AS step,
        CASE WHEN service_type = 'housing' OR sites < 3 THEN home.code ELSE county END AS area_code
    FROM mart.reach AS reach
    JOIN mart.reach_origin USING (geography, code)
    JOIN sites USING (geography, service_type)
    LEFT JOIN home USING (geography)
    WHERE service_type <> 'housing' OR sites >= 3
), added AS (
    SELECT
        geography, service_type, area_code, step, sum(residents) AS residents,
        coalesce(sum(residents) FILTER (minutes <= 30), 0) AS within_30,
        coalesce(sum(residents) FILTER (minutes <= 60), 0) AS within_60,
        coalesce(sum(residents) FILTER (minutes <= 90), 0) AS within_90,
        100000 * sum(residents * places_per_resident) / sum(residents) AS per_100k
    FROM placed
    GROUP BY ALL
)
SELECT
    geography, service_type::VARCHAR AS service_type, area_code, greatest(round(residents, -2), 100) AS residents,
    step * round(100 * within_30 / residents / step) AS within_30,
    step * round(100 * within_60 / residents / step) AS within_60,
    step * round(100 * within_90 / residents / step) AS within_90,
    CASE WHEN per_100k > 0 THEN round(per_100k, 1 - floor(log10(per_100k))::INTEGER) ELSE 0 END AS per_100k
FROM added;

INSERT INTO mart.figure BY NAME
SELECT
    measure, CASE measure WHEN 'access_places' THEN 'places' ELSE 'residents' END AS unit, 'year' AS period_level,
    (
        SELECT year(max(day))::VARCHAR FROM (
            SELECT max(period_start) AS day FROM mart.service_capacity
            UNION ALL SELECT make_date(max(year)::INTEGER, 1, 1) FROM mart.area_population
        )
    ) AS period,
    geography, area_code, service_type, value, 'e' AS marker
FROM (
    UNPIVOT (
        SELECT
            geography, area_code, service_type, residents AS reach_base, residents * within_30 / 100 AS reach_30,
            residents * within_60 / 100 AS reach_60, residents * within_90 / 100 AS reach_90,
            CASE WHEN service_type IN (
                SELECT service_type::VARCHAR FROM mart.reach_site GROUP BY geography, service_type
                HAVING count(DISTINCT (lon, lat)) >= 3
            ) THEN residents * per_100k / 100000 END AS access_places
        FROM mart.reach_published
    ) ON reach_base, reach_30, reach_60, reach_90, access_places INTO NAME measure VALUE value
);
