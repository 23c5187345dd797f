// What a load tells of the whole: the census, the answers that are kept, and by which code.
// mode: write
// needs: identity STRING, census STRING, answers STRING, code STRING
// gives: code STRING
// oldest: 5.0
MATCH (n:RefgraphLoad {id: 'load'})
WHERE n.identity = $identity AND n.state = 'complete'
SET n.census = $census, n.answers = $answers, n.code = $code
RETURN n.code AS code
