"""What only one topic needs: gaps and what-if, pathway, network, awards, laws, training, data quality."""
