from briefs.models.brief import Brief
from briefs.models.edition import Edition
from briefs.models.enquiry import Enquiry, Way
from briefs.models.opinion import Opinion
from briefs.models.playback import Playback
from briefs.models.question import Question
from briefs.models.study import Study
from briefs.models.template import BriefTemplate

__all__ = ["Brief", "BriefTemplate", "Edition", "Enquiry", "Opinion", "Playback", "Question", "Study", "Way"]
