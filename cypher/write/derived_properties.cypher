// Stores what only the whole graph determines: the whole-graph summary, the stored answers, and the version of both.
// mode: write
// parameters: identity STRING, census STRING, answers STRING, answers_version INTEGER
// columns: answers_version INTEGER
// oldest: 5.0
MATCH (n:RefgraphLoad {id: 'load'})
WHERE n.identity = $identity AND n.state = 'complete'
SET n.census = $census, n.answers = $answers, n.answers_version = $answers_version
RETURN n.answers_version AS answers_version
