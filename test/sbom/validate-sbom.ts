import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { Ajv2019 } from 'ajv/dist/2019.js';
import type { SbomFormat } from '../../src/sbom/sbom-document.ts';

/** SPDX's own, of the tag v2.3: https://github.com/spdx/spdx-spec/blob/support/2.3.1/schemas/spdx-schema.json */
const spdxSchema = new URL('../fixtures/sbom/spdx-2.3.schema.json', import.meta.url);
const validSpdx = new Ajv2019({ strict: false, allErrors: true }).compile(JSON.parse(readFileSync(spdxSchema, 'utf8')));
/** With CycloneDX's own schema. */
const cycloneDx = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

/** Fails unless the document has the form that the official schema of its format demands. */
export async function assertValid(format: SbomFormat, text: string): Promise<void> {
  if (format === 'cyclonedx') assert.equal(await cycloneDx.validate(text), null);
  else assert.ok(validSpdx(JSON.parse(text)), JSON.stringify(validSpdx.errors));
}
