"""Every bound on what strangers and operators can put in, in one place.

Whatever is longer, deeper, larger or older than this is refused with `file:line:col`, never cut.
Lengths are in Unicode characters as written (before outer white space is trimmed), sizes in bytes.
"""

from datetime import date

KIB = 1024
MIB = 1024 * KIB

# Files
YAML_BYTES = 32 * MIB
"""One YAML file. A file a year of a very large shop stays far below."""
MARKDOWN_BYTES = 128 * KIB
"""One Markdown page."""
LOGO_BYTES = 4 * MIB
"""A logo as given."""
LOGO_PIXELS = 16_000_000
"""Width x height of a logo as given: what decoding may cost in memory (4 bytes a pixel)."""
LOGO_SIDE = 160
"""Longest side of a logo as published, in pixels."""
STATIC_BYTES = 64 * MIB
"""One file of `static/`."""
IMPORT_BYTES = 512 * MIB
"""A file to import; read row by row."""
IMPORT_ROW_BYTES = 1 * MIB
"""One row of a file to import."""

# YAML
DEPTH = 12
"""Nested mappings and sequences in one document."""
FAULTS_SHOWN = 1000
"""Faults collected for one file; after that one more says that there are others."""

# Numbers
THRESHOLD = 5
"""Counted reviews below which no score exists. An operator may raise it, never lower it."""
THRESHOLD_MAX = 1000
"""The highest threshold an operator may set."""
LANGUAGES = 20
"""Languages of one site."""
ASPECTS = 12
"""Aspects that one site asks about."""
REPLIES = 50
"""Replies under one review."""
AMENDMENTS = 50
"""Changes of one review that are kept."""
LIST = 50
"""Entries of any other list (former slugs, social pages, registrations ...)."""
HOURS = 4
"""Opening periods in one day."""
PROCEDURE_DAYS = 14
"""Most days that a review may wait before it is published (the promise of the procedures)."""
EARLIEST = date(1900, 1, 1)
"""No date may lie before this day: older is a typing error."""
LATEST = date(2199, 12, 31)
"""No date may lie after this day, whatever the clock says."""

# Lengths
SLUG = 64
"""Slugs and ids."""
LINE = 200
"""Names, places, addresses, categories: texts of one line."""
TITLE = 300
"""The title of a review or page."""
TEXT = 20_000
"""The text of a review or a reply."""
DESCRIPTION = 5_000
"""A shop's description of itself, and the operator's sentence on funding."""
URL = 2_000
"""A web address."""
EMAIL = 254
"""A mail address (RFC 5321)."""
PHONE = 40
"""A phone number as written."""

# Pages
PER_PAGE = 20
"""Reviews on a page and in a part of the archive; a part of the public addresses, so it never changes."""
SHOPS_PER_PAGE = 100
"""Shops on a page of the directory."""
WIDGET_REVIEWS = 10
"""Newest reviews that the widget carries."""

# Files that many shops share
SHOPS_PER_SHARD = 128
"""Shops, about, in one file of the sitemap or of the merchant review feed: what one new review writes anew."""
SITEMAP_ADDRESSES = 50_000
"""Addresses in one file of a sitemap (sitemaps.org)."""
SITEMAP_BYTES = 50 * MIB
"""One file of a sitemap (sitemaps.org)."""
FEED_ITEMS = 40
"""Newest items in a shop's feeds."""
SITE_FEED_ITEMS = 50
"""Newest items in the feed of the whole site."""
SITE_FEED_POOL = 100
"""Newest items that a build remembers, so that some may go before all shops have to be asked again."""
SITE_FEED_OF_ONE_SHOP = 5
"""Most of these that are of one shop, so that an import doesn't push all others out."""
