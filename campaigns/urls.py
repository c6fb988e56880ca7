from django.urls import path, re_path

from campaigns.views import brief_changes, campaigns, plans, rearrangements, schedules, steps

JOB = r"^campaigns/(?P<job_number>[A-Z]{3}-\d{2}-\d{3,6})/"

urlpatterns = [
    path("campaigns/", campaigns.campaign_list, name="campaigns"),
    path("campaigns/new/", campaigns.campaign_new, name="campaign_new"),
    re_path(JOB + r"$", campaigns.campaign_page, name="campaign"),
    re_path(JOB + r"brief/$", brief_changes.campaign_brief, name="campaign_brief"),
    re_path(JOB + r"brief/looked/(?P<side>\w+)/$", brief_changes.campaign_brief_looked, name="campaign_brief_looked"),
    re_path(JOB + r"plan/pdf/$", campaigns.plan_pdf, name="plan_pdf"),
    re_path(JOB + r"plan/edit/$", plans.plan_edit, name="plan_edit"),
    re_path(JOB + r"plan/move/(?P<name>\w+)/$", plans.plan_move, name="plan_move"),
    re_path(JOB + r"schedule/$", schedules.campaign_schedule, name="campaign_schedule"),
    re_path(JOB + r"schedule/make/$", schedules.schedule_make, name="schedule_make"),
    path("schedule/", schedules.dashboard, name="schedule"),
    path("steps/<int:pk>/", steps.step_page, name="step"),
    path("steps/<int:pk>/move/<str:name>/", steps.step_move, name="step_move"),
    path("steps/<int:pk>/give/", steps.step_give, name="step_give"),
    path("steps/<int:pk>/rearrange/", rearrangements.rearrange, name="step_rearrange"),
    path("rearrangements/<int:pk>/move/<str:name>/", rearrangements.wish_move, name="rearrangement_move"),
]
