"""What a page asks for by itself is no sign of a person: it renews no session."""

from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

#: The header of such a request (static/js/live.js).
UNATTENDED = "X-Unattended"


class AttendedSessions(SessionMiddleware):
    """Django's, but a session lasts from what its person did, not from what their open page asked for."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if UNATTENDED in request.headers and not request.session.modified:
            return response
        return super().process_response(request, response)
