"""The course of a series: level shifts, what would follow, early warnings, clusters. Published cells only."""
