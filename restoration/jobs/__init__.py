"""The bridge: the one place where Django and the engine meet. RQ calls these by name; torch is loaded inside them.

Each job claims its row, so that a bell rung twice does no harm, and ends by writing how it went into that row.
"""

from restoration.jobs.adapting import adapt
from restoration.jobs.analysing import analyse
from restoration.jobs.clips import make_clip
from restoration.jobs.contact_sheet import print_contact_sheet
from restoration.jobs.inspecting import inspect_weights
from restoration.jobs.joining import join_run, make_pair_reel
from restoration.jobs.looking import look
from restoration.jobs.mailing import mail_notice
from restoration.jobs.packaging import package
from restoration.jobs.printing import print_notes
from restoration.jobs.restoring import begin_run, restore_shot

__all__ = ["adapt", "analyse", "begin_run", "inspect_weights", "join_run", "look", "mail_notice", "make_clip",
           "make_pair_reel", "package", "print_contact_sheet", "print_notes", "restore_shot"]
