"""From the stage to the mart: steps in SQL, own figures, what points at nothing."""
