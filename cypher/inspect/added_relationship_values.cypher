// How many relationships of a type from nodes of a label have each of some properties.
// mode: read
// parameters:
// columns: relationships INTEGER, text INTEGER
// oldest: 5.0
MATCH (:`<from>`)-[n:`<type>`]->()
RETURN count(n) AS relationships
, count(n.`<text>`) AS `<text>`
