"""The tables. A change here comes with a migration; a test shows that the two agree.

Ids of articles are made from their canonical address (see `article_id`), so the same input gives
the same rows whatever the order of arrival. Moments are whole seconds since 1970, in UTC.
"""

from __future__ import annotations

from storage.tables.columns import ID_SPAN as ID_SPAN
from storage.tables.columns import Moment as Moment
from storage.tables.columns import article_id as article_id
from storage.tables.columns import metadata as metadata
from storage.tables.desk import alert_wishes as alert_wishes
from storage.tables.desk import alerts as alerts
from storage.tables.desk import feedback_steps as feedback_steps
from storage.tables.happening import activities as activities
from storage.tables.happening import event_links as event_links
from storage.tables.happening import events as events
from storage.tables.people import api_keys as api_keys
from storage.tables.people import audit_trail as audit_trail
from storage.tables.people import saved_searches as saved_searches
from storage.tables.people import sessions as sessions
from storage.tables.people import users as users
from storage.tables.reading import article_sketches as article_sketches
from storage.tables.reading import articles as articles
from storage.tables.reading import bodies as bodies
from storage.tables.reading import stories as stories
from storage.tables.reading import versions as versions
from storage.tables.running import disk_readings as disk_readings
from storage.tables.running import exports as exports
from storage.tables.running import job_runs as job_runs
from storage.tables.running import notices as notices
from storage.tables.running import runs as runs
from storage.tables.sourcing import archives as archives
from storage.tables.sourcing import links as links
from storage.tables.sourcing import outlets as outlets
from storage.tables.sourcing import pages as pages
from storage.tables.sourcing import polls as polls
from storage.tables.sourcing import source_states as source_states
from storage.tables.sourcing import sources as sources
from storage.tables.tagging import article_agencies as article_agencies
from storage.tables.tagging import article_areas as article_areas
from storage.tables.tagging import corrections as corrections
from storage.tables.tagging import findings as findings
from storage.tables.tagging import name_proposals as name_proposals
from storage.tables.tagging import review_items as review_items

#: Tables that hold what was collected and read: equal input gives equal content here.
CONTENT_TABLES = (
    outlets, sources, pages, polls, source_states, links, articles, bodies, versions, findings,
    article_areas, article_agencies, corrections, stories,
)  # fmt: skip
