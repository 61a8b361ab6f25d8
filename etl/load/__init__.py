"""From files to the stage: read, checked, stored, all or nothing."""
