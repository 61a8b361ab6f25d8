"""Addresses for programs beside the pages: `analysis.api` says what is answered, this says to whom and how.

service      from a request to an answer, for every address under ``/api/``
callers      who asks, and which release that opens
negotiation  in which format, by ``Accept``
limits       how often one address of the network, or one token, may ask
problems     every refusal under ``/api/`` in the form of RFC 9457, whoever refused
"""
