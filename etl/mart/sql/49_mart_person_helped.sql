-- Grain: mart.person_helped one person who was helped in one collection and year.
-- Why: what help costs is set against people, and one person has several needs, referrals and spells. Helped is
-- whose need was met, in full or in part, or who was in a spell of service. Whoever gives a person's reference in
-- one sheet and not in the other counts twice: there is no way to tell. The years are those whose December some
-- file covers, and a person is of the year, not of a month.

CREATE TABLE mart.person_helped AS
WITH begun AS (
    -- A spell begins the days it took after the middle of the month it was asked for in.
    SELECT
        spell.*, spell.period_start + INTERVAL 14 DAY + to_days(coalesce(days_to_start, 0)::INTEGER) AS first_day
    FROM mart.service_episode AS spell
    WHERE is_started
), helped AS (
    -- Whose a need is stands in front of its kind.
    SELECT collection, coalesce(person_key, split_part(need_key, '|', 1)) AS person_key, reference_year, area_code, period_start
    FROM mart.service_need
    WHERE need_status IN ('met', 'partly')
    UNION ALL
    SELECT
        collection, coalesce(begun.person_key, referral.person_key, service_episode_key),
        unnest(generate_series(
            year(first_day), year(first_day + to_days(coalesce(days_in_service, 0)::INTEGER))
        )),
        begun.area_code, begun.period_start
    FROM begun
    LEFT JOIN mart.referral AS referral USING (collection, referral_key)
)
SELECT
    collection, person_key, reference_year, make_date(reference_year, 12, 1) AS period_start,
    -- Where the person was first helped that anybody wrote down.
    coalesce(arg_min(area_code, (period_start, area_code)) FILTER (WHERE area_code <> 'not_recorded'), 'not_recorded')
        AS area_code
FROM helped
JOIN core.whole_years(['service_need', 'service_episode']) AS whole USING (collection)
WHERE reference_year <= last_year
GROUP BY collection, person_key, reference_year;
