import { isPath } from '../../inputs/is-path.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { isObject } from '../../lib/json-object.ts';
import { parseJson } from '../../lib/parse-json.ts';
import { readTexts } from '../../local/read-text.ts';
import { isDigest } from '../../oci/digest.ts';
import { parseImageName, type Repository } from '../../oci/reference.ts';
import type { Runtime } from '../../runtime.ts';

/** An image, or an index, in a registry. */
export interface Source {
  /** Undefined if only a digest is given. */
  readonly repository?: Repository;
  /** Digest or tag. */
  readonly name: string;
}

/** Reads the lines of `sources`: references, descriptors as JSON, files of these, and directories of such files. */
export async function readSources(lines: readonly string[], runtime: Runtime): Promise<Source[]> {
  const sources = await Promise.all(lines.map(line => readSource(line, runtime)));
  return sources.flat();
}

async function readSource(line: string, { resolve }: Runtime): Promise<Source[]> {
  if (line.startsWith('{') || line.startsWith('[')) return parseDescriptors(line, 'sources');
  if (isDigest(line)) return [{ name: line }];
  if (!isPath(line) && !/\.json$|^[^:@]*$/.test(line)) return [parseName(line)];
  const texts = await readTexts(resolve(line), 'sources');
  if (texts.length === 0) throw new Failure(`Cannot use the source ${line}: the directory contains no JSON files.`);
  return texts.flatMap(({ path, text }) => parseDescriptors(text, path));
}

function parseName(line: string): Source {
  const { name, ...repository } = parseImageName(line);
  return { repository, name };
}

/** One descriptor, or a list of them; the annotation `io.containerd.image.name` is its full name. */
function parseDescriptors(text: string, description: string): Source[] {
  let json: unknown;
  try {
    json = parseJson(text, description);
  } catch (cause) {
    throw new Failure(`Cannot read ${description}: it is not a JSON descriptor (${messageOf(cause)}).`, { cause });
  }
  return (Array.isArray(json) ? json : [json]).map(item => parseDescriptor(item, description));
}

function parseDescriptor(item: unknown, description: string): Source {
  const { digest, annotations } = isObject(item) ? item : {};
  if (typeof digest !== 'string' || !isDigest(digest)) {
    throw new Failure(`Cannot read ${description}: ${JSON.stringify(item)} is not a descriptor: it has no digest.`);
  }
  const name = isObject(annotations) ? annotations['io.containerd.image.name'] : undefined;
  if (typeof name !== 'string') return { name: digest };
  const source = parseName(name);
  if (source.name === digest) return source;
  throw new Failure(`Cannot read ${description}: it names ${name}, but its digest is ${digest}.`);
}
