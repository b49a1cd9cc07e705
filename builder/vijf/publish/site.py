"""The files that belong to no shop: pages, directory, static files, the sitemap's index, the build's own file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vijf import __version__, limits
from vijf.content.files import Folder
from vijf.content.load import SiteContent
from vijf.digests import digest
from vijf.errors import ContentError
from vijf.plan import BUILD_FILE, SITEMAP_INDEX, Artifact, site_artifacts
from vijf.publish.manifest import Files, Shard
from vijf.publish.paths import OWN_HEADERS
from vijf.publish.shared import total
from vijf.publish.stage import Stage
from vijf.publish.stale import Explained, Reason
from vijf.render.pinned import pinned_names
from vijf.render.renderers import SITE_RENDERERS
from vijf.render.site import SiteBundle
from vijf.render.sitemap import site_entries, sitemap_files, sitemap_index
from vijf.render.text import json_bytes

GENERATOR = "vijf"
BUILD_SCHEMA = 1


class SiteWork:
    """Makes the site's own files into the stage, all or only those that are stale.

    `standing` are files of the last build that stand as it left them. `outputs` and `inputs` become those of the
    manifest's head, `made` says what was made and why.
    """

    def __init__(self, folder: Folder, opened: SiteContent, bundle: SiteBundle, stage: Stage, standing: Files) -> None:
        self.outputs: dict[str, tuple[str, int]] = {}
        self.inputs = dict(opened.inputs)
        self.made: list[Explained] = []
        self._folder, self._opened, self._bundle, self._stage = folder, opened, bundle, stage
        self._standing = standing

    def artifacts(self) -> list[Artifact]:
        """What the site has now."""
        return site_artifacts(self._opened.site, self._opened.pages, self._bundle.directory.listed, pinned_names())

    def make(self, artifacts: Iterable[Artifact], reason: Reason) -> None:
        """Render artifacts."""
        for artifact in artifacts:
            self._put(artifact.path, SITE_RENDERERS[artifact.kind](self._bundle, artifact), reason)

    def carry(self, paths: Iterable[str]) -> None:
        """Take over files of the last build, unread."""
        for path in paths:
            self.outputs[path] = self._standing[path]
            self._stage.carry([path])

    def copy_static(self, reason: Reason) -> None:
        """Copy what lies in `static/`. Raises `ContentError` where a file is too large."""
        for path in self._folder.static:
            data = read_static(self._folder, path)
            self.inputs[path] = digest(data)
            if path != OWN_HEADERS:
                self._put(path.removeprefix("static/"), data, reason)

    def sitemap_of_pages(self, reason: Reason) -> list[tuple[str, str]]:
        """Make the sitemap of the site's own pages; its entries in the index."""
        entries = []
        for entry, data in sitemap_files(self._opened.site.url, "pages", site_entries(self._bundle)):
            entries.append(entry)
            self._put(entry[0], data, reason)
        return entries

    def sitemap(self, shards: Sequence[Shard], pages: Iterable[tuple[str, str]], reason: Reason) -> None:
        """Make the sitemap's index."""
        entries = [*(entry for shard in shards for entry in shard.sitemap), *pages]
        self._put(SITEMAP_INDEX, sitemap_index(self._opened.site.url, entries), reason)

    def build_file(self, shards: Sequence[Shard]) -> None:
        """Make `build.json`: a sum over all content and one over all files, so that anyone can compare."""
        files = {path: file for shard in shards for path, file in shard.files.items()} | self.outputs
        digests = {path: value for path, (value, _) in files.items()}
        data = {
            "schema": BUILD_SCHEMA,
            "generator": GENERATOR,
            "version": __version__,
            "content": total((shard.inputs for shard in shards), self.inputs),
            "files": sum(shard.count for shard in shards) + len(files),
            "output": total((shard.outputs for shard in shards), digests),
        }
        self._put(BUILD_FILE, json_bytes(data), Reason.BUILD)

    def _put(self, path: str, data: bytes, reason: Reason) -> None:
        staged = self._stage.put(path, data, self._standing.get(path))
        self.outputs[path] = staged.digest, staged.size
        self.made.append((path, reason, staged.number >= 0))


def read_static(folder: Folder, path: str) -> bytes:
    """The bytes of a file of `static/`. Raises `ContentError` where it is too large."""
    data = folder.read(path, limits.STATIC_BYTES)
    if data is None:
        raise ContentError(folder.faults)
    return data
