-- Grain: core.whole_years one collection with the last year that its files of some tables cover to the end.
-- Why: what is counted once a year would grow with every file of a year that is not over; and whoever reports
-- months and, in another sheet, the year would be counted twice.

CREATE OR REPLACE MACRO core.whole_years(tables) AS TABLE
SELECT collection, max(period_to)[1:4]::INTEGER - (max(period_to)[6:7] <> '12')::INTEGER AS last_year
FROM stage.load JOIN stage.load_table USING (load_id) JOIN stage.source USING (source_id)
WHERE list_contains(tables, table_name) AND period_to <> ''
GROUP BY collection;

CREATE OR REPLACE MACRO core.period_end(start, level) AS start + CASE level
    WHEN 'year' THEN INTERVAL 12 MONTH WHEN 'quarter' THEN INTERVAL 3 MONTH ELSE INTERVAL 1 MONTH
END;

-- Whether a period holds another, shorter one.
CREATE OR REPLACE MACRO core.holds(start, level, inner_start, inner_level) AS
    level <> inner_level AND start <= inner_start
    AND core.period_end(start, level) >= core.period_end(inner_start, inner_level);
