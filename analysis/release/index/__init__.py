"""The published cells of a release as numbers, found by table: made by the release job, read in place."""
