"""Messages that were refused or whose fate is unknown: somebody must look."""

from __future__ import annotations

from uuid import UUID

from saas.auth.entry import requires
from saas.web.queries import read_query
from saas.web.render import is_fragment, render
from tenants.fans import services as fans
from tenants.inbox import services
from tenants.inbox.permissions import InboxPermission
from tenants.inbox.schemas import UndeliveredQuery
from tenants.inbox.services import ConversationFilter
from tenants.inbox.views import labels
from tenants.inbox.views.blueprint import blueprint


@blueprint.get("/undelivered")
@requires(InboxPermission.INBOX_VIEW)
def undelivered(account_id: UUID) -> str:
    """What did not reach fans of a node and all below it, the newest first."""
    query = read_query(UndeliveredQuery())
    page = fans.list_undelivered(account_id, state=query["state"], cursor=query["cursor"])
    found = {
        "fan_of": fans.fans_by_id(line.fan_id for line in page.items),
        "names": fans.names_of(page.items),
        "outcomes": fans.outcomes_of(page.items),
        "counts": services.count_conversations(ConversationFilter(account_id=account_id)),
        "troubled": fans.count_undelivered(account_id=account_id),
    }
    template = "inbox/_renewed.html" if is_fragment() else "inbox/undelivered.html"
    return render(template, part="inbox/_undelivered.html", page=page, labels=labels, **found)
