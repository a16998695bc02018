import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program that is built from a Go module. */
export interface GoProgram {
  /** What `go install` takes before the `@`. */
  readonly package: string;
  readonly version: string;
  /** Absolute; in the cache of this clone. */
  readonly path: string;
}

const cache = fileURLToPath(new URL('../../.cache/', import.meta.url));

/** The program of a Go package, in the cache of this clone. */
export function goProgram(name: string, version: string): GoProgram {
  const program = name.slice(name.lastIndexOf('/') + 1);
  return { package: name, version, path: join(cache, `${program}-${version}`, program) };
}

/** The CNCF's distribution 3; Debian has 2.8. */
export const distribution3 = goProgram('github.com/distribution/distribution/v3/cmd/registry', 'v3.0.0');
export const act = goProgram('github.com/nektos/act', 'v0.2.89');
/** Reads images in a registry, and checks them. */
export const crane = goProgram('github.com/google/go-containerregistry/cmd/crane', 'v0.20.6');
/** An S3 server that lets everyone in. */
export const gofakes3 = goProgram('github.com/johannesboyne/gofakes3/cmd/gofakes3', 'v1.2.0');
/** Checks workflow files. */
export const actionlint = goProgram('github.com/rhysd/actionlint/cmd/actionlint', 'v1.7.12');
/** Lists what is in an image or an SBOM. The version that grype brings, so that they share what Go compiles. */
export const syft = goProgram('github.com/anchore/syft/cmd/syft', 'v1.57.0');
/** Finds known vulnerabilities of what is in an SBOM. */
export const grype = goProgram('github.com/anchore/grype/cmd/grype', 'v0.121.2');
