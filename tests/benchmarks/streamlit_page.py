"""Streamlit's own way to the page that ours is measured beside: the least that any page of Streamlit costs.

streamlit run tests/benchmarks/streamlit_page.py -- persons.parquet

The same four charts of the same persons as `tests.benchmarks.dash_page` draws, without our frame, cards,
protection or words. What this page takes beside Dash is not ours to win; what ours takes beside this page is.
"""

import sys

import streamlit as st

from tests.benchmarks.four_charts import CHARTS, EVERYWHERE, choices, figure, opened

connection = st.cache_resource(opened)(sys.argv[1])
years, areas = choices(connection)
st.title("Trends")
first = st.selectbox("From", years)
area = st.selectbox("Area", [EVERYWHERE, *areas])
cursor = connection.cursor()
for column in CHARTS:
    st.plotly_chart(figure(cursor, column, first, area), key=column)
st.html('<footer class="ltt-footer">The page is whole.</footer>')
