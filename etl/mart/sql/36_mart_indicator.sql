-- Grain: mart.indicator one target of one measure for one year.
-- Why: the scorecard says how far a measure is from what the task force has set itself. The latest load holds.

CREATE TABLE mart.indicator AS
SELECT measure, target, target_year, direction, owner
FROM stage.indicator
QUALIFY row_number() OVER (PARTITION BY measure, target_year ORDER BY load_id DESC, line DESC) = 1
ORDER BY measure, target_year;
