"""Who may see partner figures: sign-in by OpenID Connect, with Streamlit's own `st.login`.

A role is a release: public without sign-in, partner after it, the steward's never over a network.

    settings   what a deployment says: provider, client, which claim makes a partner, which release
    visitor    from the claims of a sign-in to a role, and in words why it is not the higher one
    ended      sign-ins that ended before their time
    cookies    the claims inside the cookie that Streamlit keeps a sign-in in
    gate       what passes for whom: sockets, the way to the provider and back
    bearer     the role of a program that brings a token
    control    the button, the notices
"""
