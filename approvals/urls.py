from django.urls import path, re_path

from approvals.views import board, comments, comparing, drafts, page_images, presentations, samples, supervision, versions

CAMPAIGN = r"^campaigns/(?P<job_number>[A-Z]{3}-\d{2}-\d{3,6})/"
VERSION = "drafts/<int:pk>/v/<int:number>/"
PAGE = "files/<int:pk>/pages/<int:number>/"

urlpatterns = [
    path("approvals/", board.board, name="approvals"),
    re_path(CAMPAIGN + r"drafts/$", drafts.drafts, name="drafts"),
    re_path(CAMPAIGN + r"drafts/new/$", drafts.draft_new, name="draft_new"),
    path("drafts/<int:pk>/", drafts.draft, name="draft"),
    path("drafts/<int:pk>/open/", drafts.draft_open, name="draft_open"),
    path("drafts/<int:pk>/review/", drafts.draft_review, name="draft_review"),
    path("drafts/<int:pk>/send/", drafts.draft_send, name="draft_send"),
    path("drafts/<int:pk>/record/", drafts.draft_record, name="draft_record"),
    path("drafts/<int:pk>/compare/", comparing.draft_compare, name="draft_compare"),
    path("drafts/<int:pk>/move/<str:name>/", drafts.draft_move, name="draft_move"),
    path(VERSION + "comment/", comments.comment_new, name="draft_comment"),
    path("drafts/<int:pk>/comments/<int:comment>/", comments.comment_answer, name="draft_comment_answer"),
    path("drafts/<int:pk>/comments/<int:comment>/move/<str:name>/", comments.comment_move, name="draft_comment_move"),
    path(VERSION, versions.version, name="draft_version"),
    path(VERSION + "edit/", versions.version_edit, name="draft_version_edit"),
    path(VERSION + "files/", versions.version_files, name="draft_version_files"),
    path(VERSION + "files/<int:file>/gone/", versions.version_file_gone, name="draft_file_gone"),
    path(VERSION + "move/<str:name>/", versions.version_move, name="draft_version_move"),
    re_path(CAMPAIGN + r"presentations/$", presentations.presentations, name="presentations"),
    re_path(CAMPAIGN + r"presentations/new/$", presentations.presentation_new, name="presentation_new"),
    path("presentations/<int:pk>/", presentations.presentation, name="presentation"),
    path("presentations/<int:pk>/show/", presentations.presentation_show, name="presentation_show"),
    path("presentations/<int:pk>/edit/", presentations.presentation_edit, name="presentation_edit"),
    path("presentations/<int:pk>/hold/", presentations.presentation_hold, name="presentation_hold"),
    path("presentations/<int:pk>/move/<str:name>/", presentations.presentation_move, name="presentation_move"),
    re_path(CAMPAIGN + r"samples/$", samples.samples, name="samples"),
    re_path(CAMPAIGN + r"samples/new/$", samples.sample_new, name="sample_new"),
    path("samples/<int:pk>/", samples.sample, name="sample"),
    path("samples/<int:pk>/pdf/", samples.sample_pdf, name="sample_pdf"),
    path("samples/<int:pk>/edit/", samples.sample_edit, name="sample_edit"),
    path("samples/<int:pk>/receive/", samples.sample_receive, name="sample_receive"),
    path("samples/<int:pk>/check/", samples.sample_check, name="sample_check"),
    path("samples/<int:pk>/verify/<int:row>/", samples.sample_verify, name="sample_verify"),
    path("samples/<int:pk>/move/<str:name>/", samples.sample_move, name="sample_move"),
    re_path(CAMPAIGN + r"supervision/$", supervision.supervision, name="supervision"),
    re_path(CAMPAIGN + r"supervision/new/$", supervision.supervision_new, name="supervision_new"),
    path("steps/<int:pk>/supervision/", supervision.step_supervision, name="step_supervision"),
    path("supervision/<int:pk>/", supervision.supervision_note, name="supervision_note"),
    path("supervision/<int:pk>/fix/", supervision.supervision_fix, name="supervision_fix"),
    path("supervision/<int:pk>/give/", supervision.supervision_give, name="supervision_give"),
    path("supervision/<int:pk>/move/<str:name>/", supervision.supervision_move, name="supervision_move"),
    path(PAGE, page_images.page_image, name="page_image"),
    path(PAGE + "thumb/", page_images.page_thumb, name="page_thumb"),
    path(PAGE + "since/<int:before>/<int:was>/", page_images.page_difference, name="page_difference"),
]
