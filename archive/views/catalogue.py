from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from archive import access


def browse(request: HttpRequest) -> HttpResponse:
    access.assets_for(request.user)
    return render(request, "archive/catalogue.html")
