"""The server around the pages as the network sees it: limits, addresses, headers, health.

asgi         names of the interface between a server and an application, and a plain answer
settings     what a deployment says by environment: its address, who may show it in a frame
process      runs the server with its limits (`python -m ui.app.web.process`)
connections  cuts what never finishes a request
cookies      takes out cookies that would keep the server busy
addresses    which addresses exist; every other is not found
first_page   the page that a browser gets first, with what it will need
headers      what a browser is told to refuse
messages     what must not travel to a browser inside a message, and what a browser may say
health       whether the server runs, and whether it has figures to show
"""
