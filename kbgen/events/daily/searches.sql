-- How searching went, for each day and language.
--
-- As in articles.sql, `event` has the columns of an export, and events may be there repeatedly.
SELECT
  day,
  lang,
  COUNT(CASE WHEN type = 'search' THEN 1 END) AS searches,
  COUNT(CASE WHEN type = 'search' AND results = 0 THEN 1 END) AS without_results,
  COUNT(CASE WHEN type = 'click' THEN 1 END) AS clicks,
  COUNT(CASE WHEN type = 'contact' THEN 1 END) AS contacts
FROM (
  SELECT DISTINCT
    event_id,
    CAST(ts AT TIME ZONE 'UTC' AS DATE) AS day,
    COALESCE(lang, '') AS lang,
    type,
    results
  FROM event
  WHERE type IN ('search', 'click', 'contact')
) AS once
GROUP BY day, lang
ORDER BY day, lang
