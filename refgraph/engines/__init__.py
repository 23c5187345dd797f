"""WHERE A GRAPH LIVES: engines answer questions, stores also take data in."""
