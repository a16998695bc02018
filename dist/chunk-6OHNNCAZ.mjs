// src/metadata/derive-labels.ts
function deriveLabels(context, values) {
  const revision = values.revision === "merge" ? context.sha ?? context.revision : context.revision;
  return ociLabels({
    title: context.repositoryName,
    description: context.description,
    url: context.repositoryUrl,
    source: context.repositoryUrl,
    version: values.version,
    created: values.created,
    revision: revision && context.isDirty ? `${revision}-dirty` : revision,
    // GitHub's value for a license that it does not recognise.
    licenses: context.license === "NOASSERTION" ? void 0 : context.license
  });
}
function packageLabels({ description, license, homepage, version }) {
  return ociLabels({ description, url: homepage, version, licenses: license });
}
function baseLabels(base) {
  return ociLabels({ "base.name": base?.name, "base.digest": base?.digest });
}
function ociLabels(known) {
  const entries = Object.entries(known).filter(([, value]) => (value ?? "") !== "");
  return Object.fromEntries(entries.map(([name, value]) => [`org.opencontainers.image.${name}`, String(value)]));
}

export {
  deriveLabels,
  packageLabels,
  baseLabels
};
