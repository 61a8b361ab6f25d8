-- Grain: one row a rule of the mart that is broken; no row means that the mart may be swapped in.
-- Why: what these rules promise, the release and the pages rely on without looking again.

WITH
-- Records and persons by a hash of their names, which takes a third of the room that the names take. What has the
-- hash of another is compared by its names, so that no two persons are taken for one.
record_mark AS MATERIALIZED (
    SELECT hash(collection, person_key, reference_year) AS mark, count(*) > 1 AS is_alike
    FROM core.person_record GROUP BY mark
), person_mark AS MATERIALIZED (
    SELECT hash(collection, person_key, reference_year) AS mark
    FROM mart.person GROUP BY mark HAVING count(*) > 1
), listed AS MATERIALIZED (
    -- Each list once: few differ, and to look into all of them took as long as to make them.
    SELECT form AS codes, count(*) AS persons FROM core.person WHERE len(form) > 1 GROUP BY codes
    UNION ALL
    SELECT sector AS codes, count(*) AS persons FROM core.person WHERE len(sector) > 1 GROUP BY codes
    UNION ALL
    SELECT control_method AS codes, count(*) AS persons FROM core.person WHERE len(control_method) > 1 GROUP BY codes
    UNION ALL
    SELECT recruitment_method AS codes, count(*) AS persons FROM core.person WHERE len(recruitment_method) > 1 GROUP BY codes
    UNION ALL
    SELECT vulnerability AS codes, count(*) AS persons FROM core.person WHERE len(vulnerability) > 1 GROUP BY codes
    UNION ALL
    SELECT known_to_agency AS codes, count(*) AS persons FROM core.person WHERE len(known_to_agency) > 1 GROUP BY codes
)
SELECT rule, found
FROM (
    SELECT 'a person is there twice in one collection and year' AS rule, count(*) AS found FROM (
        SELECT 1 FROM mart.person
        SEMI JOIN person_mark ON person_mark.mark = hash(collection, person_key, reference_year)
        GROUP BY collection, person_key, reference_year HAVING count(*) > 1
    )
    UNION ALL
    SELECT 'a number stands for two persons', count(*) - count(DISTINCT person_id) FROM mart.person
    UNION ALL
    SELECT 'records and persons do not reconcile', abs(
        (SELECT count(*) FROM mart.person)
        - (SELECT count(*) FROM record_mark WHERE NOT is_alike)
        - (SELECT count(*) FROM (
            SELECT DISTINCT collection, person_key, reference_year FROM core.person_record
            SEMI JOIN (FROM record_mark WHERE is_alike) AS alike
            ON alike.mark = hash(collection, person_key, reference_year)
        ))
    )
    UNION ALL
    -- No code twice and one row a code means: nobody is counted twice in a category, and nobody is missing.
    SELECT 'a code is there twice for one person', coalesce(sum(persons), 0)::BIGINT FROM listed
    WHERE len(codes) <> len(list_distinct(codes))
    UNION ALL
    SELECT 'codes of persons and their attributes do not reconcile', sum(abs(expected - coalesce(found, 0)))::BIGINT
    FROM (
        UNPIVOT (
            SELECT
                sum(greatest(coalesce(len(form), 0), 1))::BIGINT AS form,
                sum(greatest(coalesce(len(sector), 0), 1))::BIGINT AS sector,
                sum(greatest(coalesce(len(control_method), 0), 1))::BIGINT AS control_method,
                sum(greatest(coalesce(len(recruitment_method), 0), 1))::BIGINT AS recruitment_method,
                sum(greatest(coalesce(len(vulnerability), 0), 1))::BIGINT AS vulnerability,
                sum(coalesce(len(known_to_agency), 0))::BIGINT AS known_to_agency,
                sum(len(source))::BIGINT AS source,
                count(*) FILTER (entered >= period_start) AS entered_after
            FROM core.person
        ) ON COLUMNS(*) INTO NAME kind VALUE expected
    )
    LEFT JOIN (SELECT kind::VARCHAR AS kind, count(*) AS found FROM mart.person_code GROUP BY ALL) USING (kind)
    UNION ALL
    SELECT 'a referral is there twice in one collection', count(*) FROM (
        SELECT 1 FROM mart.referral GROUP BY collection, referral_key HAVING count(*) > 1
    )
    UNION ALL
    SELECT 'an area of a person is not in its geography', count(*)
    FROM (SELECT DISTINCT collection, area_code FROM mart.person WHERE area_code <> 'not_recorded') AS used
    JOIN (SELECT DISTINCT collection, geography FROM mart.collection) AS home USING (collection)
    ANTI JOIN mart.area AS area ON area.geography = home.geography AND area.code = used.area_code
    UNION ALL
    SELECT 'an area has a parent that is not there', count(*)
    FROM mart.area AS area
    ANTI JOIN mart.area AS above ON above.geography = area.geography AND above.code = area.parent
    WHERE area.parent IS NOT NULL
    UNION ALL
    SELECT 'made-up and real records are in one warehouse', greatest(count(DISTINCT is_synthetic) - 1, 0)
    FROM mart.source WHERE is_own
)
WHERE found > 0;
