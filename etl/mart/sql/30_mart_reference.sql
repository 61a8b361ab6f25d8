-- Grain: mart.area one area of a geography; mart.area_shape its outline; mart.area_population an area, year,
-- age group and sex; mart.area_context an area, year and indicator; mart.law_provision one law.
-- Why: the conformed dimensions. The latest load of a key holds; a key that no later file names stays.

CREATE OR REPLACE TABLE mart.area AS
SELECT * EXCLUDE (load_id) FROM stage.area
QUALIFY row_number() OVER (PARTITION BY geography, code ORDER BY load_id DESC) = 1
ORDER BY geography, level, code;

CREATE OR REPLACE TABLE mart.area_shape AS
SELECT * EXCLUDE (load_id) FROM stage.area_shape SEMI JOIN mart.area USING (geography, code)
QUALIFY row_number() OVER (PARTITION BY geography, code ORDER BY load_id DESC) = 1
ORDER BY geography, code;

CREATE OR REPLACE TABLE mart.area_population AS
SELECT * EXCLUDE (load_id) FROM stage.area_population
QUALIFY row_number() OVER (PARTITION BY geography, code, year, age_group, sex ORDER BY load_id DESC) = 1
ORDER BY geography, code, year, age_group, sex;

CREATE OR REPLACE TABLE mart.area_context AS
SELECT * EXCLUDE (load_id) FROM stage.area_context
QUALIFY row_number() OVER (PARTITION BY geography, code, year, indicator ORDER BY load_id DESC) = 1
ORDER BY geography, code, year, indicator;

CREATE OR REPLACE TABLE mart.law_provision AS
SELECT * EXCLUDE (load_id) FROM stage.law_provision
QUALIFY row_number() OVER (PARTITION BY law_code ORDER BY load_id DESC) = 1
ORDER BY effective, law_code;

CREATE OR REPLACE TABLE mart.observation AS
SELECT * EXCLUDE (load_id, period_start), load_id FROM stage.observation;
