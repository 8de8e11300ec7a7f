import type { IncomingMessage } from 'node:http';

/** What a request addresses, decoded as Kestrel does. */
export interface RequestTarget {
  /** The absolute URL that the function receives. */
  readonly url: string;
  /** Decoded path segments; see `pathSegments`. */
  readonly segments: readonly string[];
  /** Decoded query parameters. Repeated ones are joined with a comma. */
  readonly query: ReadonlyMap<string, string>;
}

/** A percent-encoded character in UTF-8. Some matches are not valid, such as encoded surrogates. */
const ENCODED_CHARACTER =
  /%[0-7][0-9a-f]|%[cd][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}|%f[0-7](?:%[89ab][0-9a-f]){3}/gi;
/** What must be encoded in the path of a URL. A valid `%xx` stays as it is. */
const RESERVED_IN_PATH = /%(?![0-9a-f]{2})|[^\w\-.~!$&'()*+,;=:@/%]/giu;

/**
 * Parses the target of a request. Returns the status of the response when Kestrel rejects it: the host is ambiguous, or the path
 * contains `%00`.
 */
export function requestTarget({ url = '/', headersDistinct }: IncomingMessage): RequestTarget | 400 | 404 {
  const hosts = headersDistinct.host ?? [];
  const [host = 'localhost'] = hosts;
  if (hosts.length > 1 || !URL.canParse(`http://${host}/`)) return 400;
  const target = originForm(url, host);
  if (target === undefined) return url === '*' ? 404 : 400;

  const [path = '', ...rest] = target.split('?');
  const segments = pathSegments(path);
  if (segments.some((segment) => segment.includes('\0'))) return 400;
  const search = rest.join('?').replaceAll('#', '%23');
  const encodedPath = segments.join('/').replaceAll(RESERVED_IN_PATH, encodeURIComponent);
  return {
    url: `http://${host}/${encodedPath}${rest.length === 0 ? '' : `?${search}`}`,
    segments,
    query: queryParameters(search),
  };
}

/** Path and query. Undefined when the target is none, or has another host than the request's Host header. */
function originForm(target: string, host: string): string | undefined {
  if (target.startsWith('/')) return target;
  const prefix = `http://${host}`;
  return target.toLowerCase().startsWith(`${prefix}/`.toLowerCase()) ? target.slice(prefix.length) : undefined;
}

/**
 * Returns the decoded segments of a request's path. `%2F` stays encoded, so that a value cannot add a segment. Percent-encoded
 * bytes that are not UTF-8 also stay encoded. Dot segments are removed, encoded ones as well. A trailing slash is ignored.
 * @param pathname the raw path, starting with a slash.
 */
export function pathSegments(pathname: string): readonly string[] {
  const path = pathname.replace(/^\//, '').replace(/\/$/, '');
  const segments: string[] = [];
  for (const segment of path === '' ? [] : path.split('/').map(decodeSegment)) {
    if (segment === '..') segments.pop();
    else if (segment !== '.') segments.push(segment);
  }
  return segments;
}

function decodeSegment(segment: string): string {
  return segment.replaceAll(ENCODED_CHARACTER, (encoded) => (/^%2f$/i.test(encoded) ? encoded : decode(encoded)));
}

/** Names that differ only in case are the same parameter. It is called as it was written last. */
function queryParameters(search: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, { readonly name: string; readonly values: readonly string[] }>();
  for (const pair of search.split('&').filter((text) => text !== '')) {
    const [name = '', ...value] = pair.split('=').map(decodeParameter);
    const key = name.toLowerCase();
    parameters.set(key, { name, values: [...(parameters.get(key)?.values ?? []), value.join('=')] });
  }
  return new Map([...parameters.values()].map(({ name, values }) => [name, values.join(',')]));
}

function decodeParameter(text: string): string {
  return text.replaceAll('+', ' ').replaceAll(ENCODED_CHARACTER, decode);
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
