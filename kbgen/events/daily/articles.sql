-- What readers did, for each day, article, language and revision of its text.
--
-- `event` has the columns of an export. What is absent may be NULL or '', and the same event may be
-- there any number of times. Standard SQL that DuckDB reads as it stands and sqlglot translates.
WITH
-- A reader's last choice on a text counts. A vote without a voter stands for itself.
choices AS (
  SELECT
    event_id, ts, article, lang, rev, vote, reason, findable,
    ROW_NUMBER() OVER (
      PARTITION BY
        COALESCE(article, ''), COALESCE(lang, ''), COALESCE(rev, ''),
        CASE WHEN COALESCE(voter, '') = '' THEN event_id ELSE voter END
      ORDER BY ts DESC, event_id DESC
    ) AS place
  FROM event
  WHERE type = 'vote'
),

-- So does the last detail of a vote; ….10 comes after ….9.
details AS (
  SELECT
    SUBSTRING(event_id, 1, 36) AS vote_id, reason, findable,
    ROW_NUMBER() OVER (
      PARTITION BY SUBSTRING(event_id, 1, 36)
      ORDER BY ts DESC, CAST(SUBSTRING(event_id, 38, 2) AS INTEGER) DESC
    ) AS place
  FROM event
  WHERE type = 'detail'
),

acts AS (
  SELECT
    choices.event_id, choices.ts, choices.article, choices.lang, choices.rev,
    'vote' AS type, choices.vote,
    COALESCE(NULLIF(details.reason, ''), choices.reason) AS reason,
    COALESCE(details.findable, choices.findable) AS findable,
    '' AS prev
  FROM choices
  LEFT JOIN details ON details.vote_id = choices.event_id AND details.place = 1
  WHERE choices.place = 1
  UNION ALL
  SELECT DISTINCT
    event_id, ts, article, lang, rev, type, vote, reason, findable, SUBSTRING(prev, 1, 1)
  FROM event
  WHERE type IN ('view', 'click', 'contact')
)

SELECT
  CAST(ts AT TIME ZONE 'UTC' AS DATE) AS day,
  COALESCE(article, '') AS article,
  COALESCE(lang, '') AS lang,
  COALESCE(rev, '') AS rev,
  COUNT(CASE WHEN type = 'view' THEN 1 END) AS views,
  COUNT(CASE WHEN type = 'view' AND prev = '?' THEN 1 END) AS views_from_search,
  COUNT(CASE WHEN type = 'click' THEN 1 END) AS clicks,
  COUNT(CASE WHEN type = 'contact' THEN 1 END) AS contacts,
  COUNT(CASE WHEN vote = 1 THEN 1 END) AS yes,
  COUNT(CASE WHEN vote = 0 THEN 1 END) AS no,
  COUNT(CASE WHEN findable = 1 THEN 1 END) AS findable_yes,
  COUNT(CASE WHEN findable = 0 THEN 1 END) AS findable_no,
  COUNT(CASE WHEN vote = 0 AND reason = 'inaccurate' THEN 1 END) AS no_inaccurate,
  COUNT(CASE WHEN vote = 0 AND reason = 'outdated' THEN 1 END) AS no_outdated,
  COUNT(CASE WHEN vote = 0 AND reason = 'incomplete' THEN 1 END) AS no_incomplete,
  COUNT(CASE WHEN vote = 0 AND reason = 'confusing' THEN 1 END) AS no_confusing,
  COUNT(CASE WHEN vote = 0 AND reason = 'visuals' THEN 1 END) AS no_visuals,
  COUNT(CASE WHEN vote = 0 AND reason = 'broken_link' THEN 1 END) AS no_broken_link,
  COUNT(CASE WHEN vote = 0 AND reason = 'translation' THEN 1 END) AS no_translation,
  COUNT(CASE WHEN vote = 0 AND reason = 'other' THEN 1 END) AS no_other,
  COUNT(CASE WHEN vote = 1 AND reason = 'accurate' THEN 1 END) AS yes_accurate,
  COUNT(CASE WHEN vote = 1 AND reason = 'easy' THEN 1 END) AS yes_easy,
  COUNT(CASE WHEN vote = 1 AND reason = 'complete' THEN 1 END) AS yes_complete,
  COUNT(CASE WHEN vote = 1 AND reason = 'other' THEN 1 END) AS yes_other
FROM acts
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
