"""Page furniture: base templates, components, static files, guards, sessions, errors and charts.

Things to remember
- Every view says `@allowed(permission, scope=...)`; the application does not start while one is silent.
- A page slot is a named place that a room above fills through `lms.app`.
- Error text never names an object outside the actor's scope: absent and out of scope look the same.
"""
