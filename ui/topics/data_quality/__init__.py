"""TODO ui/topics/data_quality."""
