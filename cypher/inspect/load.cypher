// The load that the database holds, if any.
// mode: read
// parameters:
// columns: identity STRING, fingerprint STRING, state STRING, about STRING, rows STRING, done STRING, source STRING, finished STRING, version STRING, census STRING, settled INTEGER, answers_version INTEGER
// oldest: 5.0
MATCH (n:RefgraphLoad {id: 'load'})
RETURN n.identity AS identity
, n.fingerprint AS fingerprint
, n.state AS state
, n.about AS about
, n.rows AS rows
, n.done AS done
, n.source AS source
, toString(n.finished) AS finished
, n.version AS version
, n.census AS census
, n.settled AS settled
, n.answers_version AS answers_version
