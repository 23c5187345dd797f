// Writes the hashes of some blocks of rows. stamp: which load and which way of hashing they belong to.
// mode: write
// parameters: ids LIST<STRING>, hashes LIST<BYTES>, stamp STRING
// columns: written INTEGER
// oldest: 5.0
UNWIND range(0, size($ids) - 1) AS i
MERGE (b:RefgraphBlock {id: $ids[i]})
SET b.hashes = $hashes[i], b.stamp = $stamp
RETURN count(b) AS written
