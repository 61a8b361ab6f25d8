-- Grain: mart.organisation_spelling one way in which the loads write an organisation: a code, a name, or both.
-- Why: an organisation that is marked confidential in one row is so in every register, whatever row and spelling
-- names it there. All loads are looked at, not only the latest. Restricted: never released.
--
-- mark: what the row says. is_by_kind: a shelter, or whoever offers housing or is paid for it, until a row says no.

CREATE TABLE mart.organisation_spelling AS
SELECT organisation AS code, name, is_confidential AS mark, coalesce(organisation_type = 'shelter', false) AS is_by_kind
FROM stage.organisation
UNION
SELECT organisation, NULL, NULL, true FROM stage.service WHERE service_type = 'housing' AND organisation IS NOT NULL
UNION
SELECT award.recipient_organisation, NULL, NULL, true
FROM stage.funding_award AS award
ANTI JOIN stage.organisation AS known ON known.organisation_key = award.recipient_organisation_key
WHERE award.purpose = 'shelter' OR award.service_type = 'housing'
ORDER BY ALL;
