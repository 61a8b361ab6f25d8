"""The same figures for programs: what may be asked, how it is read, what is answered. Knows no server.

parameters   what stands behind the question mark of an address, each declared once
call         one request: the release, what was given, where this server is found
problems     why a request is refused, as RFC 9457 writes it
questions    from the parameters of an address to questions for the door
figures      answers and findings as documents
described    the catalog, one measure, the releases
boundaries   the areas of a level as GeoJSON
addresses    every address with its parameters, its formats and what makes its answer
schemas      the shape of each document, as JSON Schema
openapi      all of it as OpenAPI 3.1, made from the same declarations that requests are read by
"""
