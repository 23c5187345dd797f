// The hashes of all rows of a table, in blocks.
// mode: read
// parameters: prefix STRING
// columns: id STRING, stamp STRING, hashes BYTES
// oldest: 5.0
MATCH (b:RefgraphBlock)
WHERE b.id STARTS WITH $prefix
RETURN b.id AS id
, b.stamp AS stamp
, b.hashes AS hashes
ORDER BY id
