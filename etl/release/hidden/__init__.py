"""How many people are on no list: estimated here from true counts, of which nothing but the result leaves."""
