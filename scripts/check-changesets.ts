// Reads the changesets as a release would, so a damaged one is found before the release. Run by `pnpm lint`.
// Unlike `changeset status` it compares nothing with a branch, so it works in any clone.
import getReleasePlan from "@changesets/get-release-plan";

const { changesets, releases: planned } = await getReleasePlan(process.cwd());
const releases = planned.filter((release) => release.type !== "none");
const versions = new Set(releases.map((release) => release.newVersion));
process.stdout.write(
  `changesets: ${changesets.length}, which release ${releases.length} packages as ${[...versions].join(", ") || "nothing"}\n`,
);
if (versions.size > 1) throw new Error("packages are released together, but the versions differ");
