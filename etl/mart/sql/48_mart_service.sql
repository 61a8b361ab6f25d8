-- Grain: mart.service one service; mart.service_site one place at which it is given (restricted, never released);
-- mart.service_listed one service as it may be listed; mart.service_capacity a service, month and group;
-- mart.place_use one person in, waiting for, turned away from or leaving a place in one month.
-- A service may serve several areas and is one service all the same: people in its places belong to the smallest
-- area that holds all it serves, for nobody may be counted in each.
-- Why: places are facts of a directory; whoever is in them is a person, so each is one record and passes the door
-- of persons. A service whose organisation or place is not known stays, and is said to have none.

CREATE TABLE mart.service AS
WITH served AS (
    SELECT load_id, line, geography, unnest(string_split(area_code, chr(31))) AS code
    FROM stage.service JOIN stage.load USING (load_id) JOIN stage.source USING (source_id)
), held AS (
    -- Each area served, by itself and by the areas it lies in; and how many areas the service has.
    SELECT
        served.*, count(*) OVER (PARTITION BY load_id, line) AS areas,
        unnest([struct_pack(code := served.code, level := coalesce(own.level, 0)),
            struct_pack(code := own.parent, level := own.level - 1),
            struct_pack(code := upper.parent, level := own.level - 2)]) AS holder
    FROM served
    LEFT JOIN mart.area AS own ON own.geography = served.geography AND own.code = served.code
    LEFT JOIN mart.area AS upper ON upper.geography = served.geography AND upper.code = own.parent
), common AS (
    SELECT load_id, line, holder.code AS area_code, max(holder.level) AS level
    FROM held WHERE holder.code IS NOT NULL
    GROUP BY load_id, line, holder.code, areas
    HAVING count(*) = areas
), smallest AS (
    SELECT load_id, line, arg_max(area_code, level) AS area_code FROM common GROUP BY ALL
)
SELECT
    record.service, record.organisation, body.name AS organisation_name, record.name,
    core.code_service_type(record.service_type) AS service_type,
    record.eligibility, origin.geography, smallest.area_code,
    list_sort(string_split(record.area_code, chr(31))) AS area_codes, coalesce(record.is_active, true) AS is_active
FROM stage.service AS record
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
LEFT JOIN mart.organisation AS body ON body.organisation = record.organisation
LEFT JOIN smallest ON smallest.load_id = record.load_id AND smallest.line = record.line
QUALIFY row_number() OVER (PARTITION BY record.service ORDER BY record.load_id DESC, record.line DESC) = 1
ORDER BY record.service;

CREATE TABLE mart.service_site AS
SELECT service, service_type, service.geography, longitude, latitude
FROM stage.service_site AS site
JOIN mart.service AS service USING (service)
ORDER BY ALL;

CREATE TABLE mart.service_listed AS
SELECT
    service_type::VARCHAR AS service_type,
    CASE WHEN service_type <> 'housing' THEN name END AS name,
    CASE WHEN service_type <> 'housing' THEN organisation_name END AS organisation,
    array_to_string(eligibility, ',') AS eligibility, geography, array_to_string(area_codes, ',') AS area, is_active,
    organisation_name IS NOT NULL AS has_organisation, coalesce(has_place, false) AS has_place,
    -- Of whom the row is, for the release to count how many share it; no column of the register.
    CASE WHEN service_type = 'housing' THEN coalesce(organisation_name, organisation, service) END
        AS withheld_organisation
FROM mart.service
LEFT JOIN (
    SELECT service, bool_or(longitude IS NOT NULL) AS has_place FROM mart.service_site GROUP BY service
) USING (service);

CREATE TABLE mart.service_capacity AS
SELECT
    origin.collection, origin.geography, record.service, service.organisation,
    core.code_service_type(service.service_type) AS service_type,
    core.code_eligibility(record.eligibility) AS eligibility,
    -- The area served, where it is one of the areas of this sheet's geography.
    CASE WHEN service.geography = origin.geography THEN service.area_code END AS area_code,
    record.period_start, record.places, record.places_in_use, record.waiting, record.turned_away,
    record.people_left, coalesce(record.over_capacity, false) AS over_capacity,
    coalesce(record.is_open, true) AS is_open, record.load_id
FROM stage.service_capacity AS record
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
LEFT JOIN mart.service AS service ON service.service = record.service
QUALIFY row_number() OVER (
    PARTITION BY origin.collection, record.service, record.eligibility, record.period_start
    ORDER BY record.load_id DESC, record.line DESC
) = 1;

-- One record a person counted; nobody is told apart, so the record is named by its row and its number in it.
CREATE TABLE mart.place_use AS
SELECT
    collection,
    concat_ws('|', service, eligibility, strftime(period_start, '%Y-%m'), place_state, number) AS place_use_key,
    year(period_start) AS reference_year, period_start, coalesce(area_code, 'not_recorded') AS area_code,
    service_type, eligibility, place_state::mart.code_place_state AS place_state, load_id
FROM (
    UNPIVOT (
        SELECT
            collection, service, service_type, eligibility, area_code, period_start, load_id,
            places_in_use AS in_use, waiting, turned_away, people_left AS left_place
        FROM mart.service_capacity
    ) ON in_use, waiting, turned_away, left_place AS 'left' INTO NAME place_state VALUE counted
), generate_series(1, counted) AS people (number);

INSERT INTO mart.figure BY NAME
SELECT
    'service_places' AS measure, 'places' AS unit, 'month' AS period_level,
    strftime(period_start, '%Y-%m') AS period, geography, area_code,
    service_type::VARCHAR AS service_type, eligibility::VARCHAR AS eligibility, organisation,
    sum(places) AS value, '' AS marker
FROM mart.service_capacity
WHERE is_open AND places IS NOT NULL
GROUP BY ALL;
