"""Search: analysis, index, ranking, shards for the browser, evaluation."""
