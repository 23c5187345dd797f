// Version and edition of the server.
// mode: read
// parameters:
// columns: version STRING, edition STRING
// oldest: 5.0
CALL dbms.components() YIELD name, versions, edition
WITH versions, edition WHERE name = 'Neo4j Kernel'
RETURN versions[0] AS version
, edition AS edition
