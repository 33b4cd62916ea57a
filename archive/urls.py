"""Every address of the archive; those of restoration follow."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from archive.views import catalogue, home

handler500 = "archive.views.errors.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("log-in", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("log-out", LogoutView.as_view(), name="logout"),
    path("language", home.choose_language, name="set_language"),
    path("catalogue/", catalogue.browse, name="catalogue"),
    path("", include("restoration.urls")),
]
