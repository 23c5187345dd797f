// Deletes referrals by the ids of both ends.
// mode: write
// parameters: starts LIST<STRING>, ends LIST<STRING>
// columns: removed INTEGER
// oldest: 5.0
UNWIND range(0, size($starts) - 1) AS i
MATCH (:Customer {id: $starts[i]})-[n:REFERRED]->(:Customer {id: $ends[i]})
DELETE n
RETURN count(*) AS removed
