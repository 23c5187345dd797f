// How many referrals were made in each year?
// mode: read
// parameters:
// columns: year INTEGER, referrals INTEGER
// oldest: 5.0
MATCH (:Customer)-[r:REFERRED]->(:Customer)
WHERE r.at IS NOT NULL
RETURN r.at.year AS year
, count(r) AS referrals
ORDER BY year
