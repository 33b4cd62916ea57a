"""Every address of the archive; those of restoration follow."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from archive.views import assets, catalogue, home, media_files, uploads, welcome

handler500 = "archive.views.errors.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("log-in", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("log-out", LogoutView.as_view(), name="logout"),
    path("welcome/<uidb64>/<token>/", welcome.Welcome.as_view(), name="welcome"),
    path("language", home.choose_language, name="set_language"),

    path("catalogue/", catalogue.browse, name="catalogue"),
    path("catalogue/new", assets.create, name="asset-new"),
    path("catalogue/<int:pk>/", assets.show, name="asset"),
    path("catalogue/<int:pk>/edit", assets.edit, name="asset-edit"),
    path("catalogue/<int:pk>/carriers/new", assets.add_carrier, name="carrier-new"),
    path("catalogue/<int:pk>/rights/new", assets.state_rights, name="rights-new"),
    path("collections/", catalogue.collections, name="collections"),
    path("collections/new", assets.create_collection, name="collection-new"),

    path("collections/<int:pk>/edit", assets.edit_collection, name="collection-edit"),

    path("upload", uploads.page, name="upload"),
    path("uploads", uploads.begin, name="upload-begin"),
    path("uploads/<uuid:pk>", uploads.piece, name="upload-piece"),

    path("media-files/<uuid:pk>/", media_files.show, name="media-file"),
    path("media-files/<uuid:pk>/original", media_files.original, name="media-original"),
    path("media-files/<uuid:pk>/fixity", media_files.fixity_standing, name="fixity"),
    path("media-files/<uuid:pk>/fixity-check", media_files.check_fixity, name="fixity-check"),
    path("media-files/<uuid:pk>/make-previews", media_files.make_previews, name="make-previews"),
    path("media-files/<uuid:pk>/poster.jpg", media_files.preview, {"name": "poster.jpg"}, name="media-poster"),
    path("media-files/<uuid:pk>/filmstrip.jpg", media_files.preview, {"name": "filmstrip.jpg"},
         name="media-filmstrip"),
    path("media-files/<uuid:pk>/waveform.json", media_files.preview, {"name": "waveform.json"},
         name="media-waveform"),
    path("media-files/<uuid:pk>/proxy.mp4", media_files.preview, {"name": "proxy.mp4"}, name="media-proxy"),

    path("", include("restoration.urls")),
]
