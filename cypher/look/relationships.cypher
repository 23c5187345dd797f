// How many relationships of a type leave nodes of a label, from the server's own count.
// mode: read
// needs:
// gives: relationships INTEGER
// oldest: 5.0
MATCH (:`<from>`)-[n:`<type>`]->()
RETURN count(n) AS relationships
