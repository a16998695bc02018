import { DatabaseSync } from 'node:sqlite';

/** A vulnerability of a product's versions, as the NVD describes it. */
export interface Vulnerability {
  /** `CVE-2014-0160` */
  readonly id: string;
  readonly vendor: string;
  readonly product: string;
  /** Affected versions: `>= 1.0.1, < 1.0.1g`. */
  readonly constraint: string;
}

/**
 * Tables of grype's database that a match of a CPE needs, in the form of its schema 6; `grype db import` adds the others.
 * https://github.com/anchore/grype/blob/v0.121.2/grype/db/v6/models.go
 */
const tables = `
  CREATE TABLE db_metadata (build_timestamp datetime, model integer, revision integer, addition integer);
  CREATE TABLE providers (id text PRIMARY KEY, version text, processor text, date_captured datetime, input_digest text);
  CREATE TABLE blobs (id integer PRIMARY KEY, value text NOT NULL);
  CREATE TABLE vulnerability_handles (id integer PRIMARY KEY, name text NOT NULL, status text NOT NULL,
    published_date datetime, modified_date datetime, withdrawn_date datetime, provider_id text NOT NULL, blob_id integer);
  CREATE TABLE cpes (id integer PRIMARY KEY, part text NOT NULL, vendor text, product text NOT NULL, edition text,
    language text, software_edition text, target_hardware text, target_software text, other text);
  CREATE TABLE affected_cpe_handles (id integer PRIMARY KEY, vulnerability_id integer NOT NULL, cpe_id integer,
    blob_id integer);
  INSERT INTO db_metadata VALUES ('2026-01-01 00:00:00+00:00', 6, 1, 10);
  INSERT INTO providers VALUES ('nvd', '1', 'test', '2026-01-01 00:00:00+00:00', 'sha256:0');
`;

/** Writes a vulnerability database for `grype db import`; the name of the file ends in `.db`. */
export function writeGrypeDatabase(file: string, vulnerabilities: readonly Vulnerability[]): void {
  const database = new DatabaseSync(file);
  database.exec(tables);
  const insert = (table: string, ...values: readonly (string | number | null)[]) =>
    Number(database.prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?')})`).run(...values).lastInsertRowid);
  const blob = (value: object) => insert('blobs', null, JSON.stringify(value));
  const cpes = new Map<string, number>();
  for (const { id, vendor, product, constraint } of vulnerabilities) {
    const about = blob({ id, severities: [{ scheme: 'CHMLN', value: 'high', rank: 1 }] });
    const handle = insert('vulnerability_handles', null, id, 'active', null, null, null, 'nvd', about);
    const affected = blob({ cves: [id], ranges: [{ version: { constraint } }] });
    const name = `${vendor}:${product}`;
    const cpe = cpes.get(name) ?? insert('cpes', null, 'a', vendor, product, '', '', '', '', '', '');
    cpes.set(name, cpe);
    insert('affected_cpe_handles', null, handle, cpe, affected);
  }
  database.close();
}
