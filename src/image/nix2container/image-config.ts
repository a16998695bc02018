import { Failure } from '../../lib/failure.ts';
import { flag, formatPosition, list, mapOf, nullable, object, optional, type Shape, text } from './json-shape.ts';

/** In the order in which Go prints a map: sorted by the bytes of its keys. */
function sorted<T>(shape: Shape<ReadonlyMap<string, T>>): Shape<ReadonlyMap<string, T>> {
  return (value, at) =>
    new Map([...shape(value, at)].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
}

const names = sorted(mapOf(object({})));
const texts = list(text);

/** In the order of Go's `v1.ImageConfig`, OCI image-spec specs-go/v1/config.go. */
const known = new Map<string, Shape<unknown>>([
  ['User', text],
  ['ExposedPorts', names],
  ['Env', texts],
  ['Entrypoint', texts],
  ['Cmd', texts],
  ['Volumes', names],
  ['WorkingDir', text],
  ['Labels', sorted(mapOf(text))],
  ['StopSignal', text],
  ['ArgsEscaped', flag],
]);
const spellings = new Map([...known.keys()].map(name => [name.toLowerCase(), name]));

/**
 * The `config` of an image config: first the fields that Go knows, ignoring case, then all others. nix2container drops
 * those (`Healthcheck`, `Shell`); its `buildImage` already does, so only a JSON from elsewhere has them. There the user
 * wrote them and docker understands them, so they stay.
 */
export const imageConfig: Shape<ReadonlyMap<string, unknown>> = (value, at) => {
  const entries = new Map<string, unknown>();
  for (const [key, one] of mapOf<unknown>(any => any)(value, at)) {
    const name = spellings.get(key.toLowerCase()) ?? key;
    if (entries.has(name))
      throw new Failure(
        `Cannot read ${formatPosition(at)}: it has ${name} twice, in different spellings. Keep one of them.`,
      );
    entries.set(name, one);
  }
  const fields = [...known].map(([name, shape]) => {
    const field = { ...at, field: `${at.field}.${name}` };
    return [name, optional(nullable(shape, undefined), undefined)(entries.get(name), field)] as const;
  });
  return new Map([...fields, ...[...entries].filter(([name]) => !known.has(name))]);
};
