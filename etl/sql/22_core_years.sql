-- Grain: core.whole_years one collection with the last year that its files of some tables cover to the end.
-- Why: what is counted once a year would grow with every file of a year that is not over.

CREATE OR REPLACE MACRO core.whole_years(tables) AS TABLE
SELECT collection, max(period_to)[1:4]::INTEGER - (max(period_to)[6:7] <> '12')::INTEGER AS last_year
FROM stage.load JOIN stage.load_table USING (load_id) JOIN stage.source USING (source_id)
WHERE list_contains(tables, table_name) AND period_to <> ''
GROUP BY collection;
