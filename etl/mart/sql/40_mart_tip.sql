-- Grain: mart.tip one report in one collection; mart.tip_attribute one form of one report,
-- and its months until it was entered.
-- Why: how reports come in and what becomes of them. The latest row of a reference holds, as a whole. Hours
-- become bands here, before any release asks for them. A missing value is "not_recorded", never NULL.

CREATE TABLE mart.tip AS
SELECT
    origin.collection, tip_key, year(period_start) AS reference_year, period_start,
    coalesce(area_code, 'not_recorded') AS area_code,
    core.code_channel(channel) AS channel,
    core.code_reporter_type(reporter_type) AS reporter_type,
    core.code_disposition(disposition) AS disposition,
    core.code_finding(finding) AS finding,
    -- Closed, and nobody wrote down when it was answered: not recorded.
    core.code_response_band(coalesce(
        core.band_response_band(response_hours), CASE WHEN disposition = 'open' THEN 'no_response' END
    )) AS response_band,
    core.area_kind(place.is_rural) AS area_kind,
    coalesce(form, []) AS forms,
    -- Whole months from the month of the report to that of entry, when the report came first.
    datediff('month', period_start, min(CASE WHEN entered_level = 'month' THEN entered_start END) OVER (
        PARTITION BY origin.collection, tip_key
    )) AS entered_after,
    source, load_id
FROM stage.tip
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
LEFT JOIN mart.area AS place ON place.geography = origin.geography AND place.code = area_code
QUALIFY row_number() OVER (PARTITION BY origin.collection, tip_key ORDER BY load_id DESC, line DESC) = 1;

CREATE TABLE mart.tip_attribute AS
SELECT
    collection, tip_key, reference_year,
    unnest(core.attributes('form', core.codes(list_sort(list_distinct(forms)))), recursive := true)
FROM mart.tip
UNION ALL
SELECT collection, tip_key, reference_year, 'entered_after', entered_after::VARCHAR
FROM mart.tip WHERE entered_after >= 0;
