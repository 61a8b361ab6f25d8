-- Grain: one row a rule of the mart that is broken; no row means that the mart may be swapped in.
-- Why: what these rules promise, the release and the pages rely on without looking again.

SELECT rule, found
FROM (
    SELECT 'a person is there twice in one collection and year' AS rule, count(*) AS found FROM (
        SELECT 1 FROM mart.person GROUP BY collection, person_key, reference_year HAVING count(*) > 1
    )
    UNION ALL
    SELECT 'records and persons do not reconcile', abs(
        (SELECT count(*) FROM mart.person)
        - (SELECT count(*) FROM (SELECT DISTINCT collection, person_key, reference_year FROM core.person_record))
    )
    UNION ALL
    SELECT 'an attribute is there twice for one person', count(*) FROM (
        SELECT 1 FROM mart.person_attribute
        GROUP BY collection, person_key, reference_year, kind, code HAVING count(*) > 1
    )
    UNION ALL
    SELECT 'a person has no row of a kind that everybody must have', count(*) FROM (
        SELECT 1 FROM mart.person_attribute
        WHERE kind NOT IN ('form_pair', 'known_to_agency')
        GROUP BY collection, person_key, reference_year HAVING count(DISTINCT kind) <> 6
    )
    UNION ALL
    SELECT 'a person has no attributes', (SELECT count(*) FROM mart.person) - count(*) FROM (
        SELECT DISTINCT collection, person_key, reference_year FROM mart.person_attribute WHERE kind = 'form'
    )
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
