-- Grain: mart.tip one report in one collection; mart.tip_attribute one form of one report.
-- Why: how reports come in and what becomes of them. The latest row of a reference holds, as a whole. Hours
-- become bands here, before any release asks for them. A missing value is "not_recorded", never NULL.

CREATE TABLE mart.tip AS
SELECT
    origin.collection, tip_key, year(period_start) AS reference_year, period_start,
    coalesce(area_code, 'not_recorded') AS area_code,
    coalesce(channel, 'not_recorded')::mart.code_channel AS channel,
    coalesce(reporter_type, 'not_recorded')::mart.code_reporter_type AS reporter_type,
    coalesce(disposition, 'not_recorded')::mart.code_disposition AS disposition,
    coalesce(finding, 'not_recorded')::mart.code_finding AS finding,
    (CASE
        WHEN response_hours <= 1 THEN 'up_to_1h'
        WHEN response_hours <= 4 THEN '1_4h'
        WHEN response_hours <= 24 THEN '4_24h'
        WHEN response_hours <= 72 THEN '1_3_days'
        WHEN response_hours <= 168 THEN '3_7_days'
        WHEN response_hours > 168 THEN 'over_7_days'
        WHEN disposition = 'open' THEN 'no_response'
        ELSE 'not_recorded'  -- closed, and nobody wrote down when it was answered
    END)::mart.code_response_band AS response_band,
    (CASE WHEN place.is_rural THEN 'rural' WHEN NOT place.is_rural THEN 'urban' ELSE 'not_recorded' END)
        ::mart.code_area_kind AS area_kind,
    coalesce(form, []) AS forms, source, load_id
FROM stage.tip
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
LEFT JOIN mart.area AS place ON place.geography = origin.geography AND place.code = area_code
QUALIFY row_number() OVER (PARTITION BY origin.collection, tip_key ORDER BY load_id DESC, line DESC) = 1;

CREATE TABLE mart.tip_attribute AS
SELECT
    collection, tip_key, reference_year, 'form' AS kind,
    unnest(core.codes(list_sort(list_distinct(forms)))) AS code
FROM mart.tip;
