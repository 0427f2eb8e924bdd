"""What diagnostics add to the charging stations: the Commands tab with the messages."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from diagnostics.models import Message
from stations.admin.base import shown_to
from stations.admin.command import command_forms
from stations.admin.parts import AdminPart, Tab
from stations.admin.tabs import ObjectPage
from stations.models import Command

SHOWN_MESSAGES = 50
SHOWN_COMMANDS = 10


def commands_tab(page: ObjectPage) -> HttpResponse:
    """Show the forms that send commands, the last commands, and the newest messages."""
    may_see = page.request.user.has_perm("diagnostics.view_message")
    exchanges = Message.objects.filter(station=page.obj).order_by("-id")[:SHOWN_MESSAGES]
    commands = Command.objects.filter(station=page.obj).order_by("-id")[:SHOWN_COMMANDS]
    context = {
        "command_forms": command_forms(page.request, page.obj),
        "commands": shown_to(page.request, commands, "params", "answer"),
        "exchanges": shown_to(page.request, exchanges, "payload", "answer") if may_see else (),
        "station": page.obj,
    }
    return page.render("admin/diagnostics/_commands.html", context)


class StationPart(AdminPart):
    tabs = (Tab("commands", _("Commands"), commands_tab, "stations.view_command"),)
