"""Areas and their neighbours: which lie beside which, smoothed rates, and where alike ones lie together."""
