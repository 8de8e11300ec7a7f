import type { Attributes } from '@opentelemetry/api';

/** Attributes of HTTP spans that have the query string, by the current and the older semantic conventions of OpenTelemetry. */
const URL_ATTRIBUTES = ['url.query', 'url.full', 'http.url', 'http.target'] as const;

/** A parameter and its value in a query string, or in a URL with one. */
const PARAMETER = /(^|[?&])([^?&#=]*)=[^&#]*/g;

/** The part of a finished span that is masked. */
interface EndedSpan {
  readonly attributes: Attributes;
}

/**
 * A span processor that masks search terms in the URLs of HTTP spans. It changes the attributes in place, so it must run before the
 * spans are exported; batch exporters export later.
 */
export const maskSearch = {
  onStart: (): void => {},
  onEnd: ({ attributes }: EndedSpan): void => {
    for (const name of URL_ATTRIBUTES) {
      const value = attributes[name];
      if (typeof value === 'string') attributes[name] = value.replace(PARAMETER, maskParameter);
    }
  },
  forceFlush: async (): Promise<void> => {},
  shutdown: async (): Promise<void> => {},
};

/** Masks the value of `q`, because what people search by is often a name. A name may be percent-encoded: `%71` is `q`, too. */
function maskParameter(parameter: string, separator: string, name: string): string {
  return new URLSearchParams(name).has('q') ? `${separator}${name}=REDACTED` : parameter;
}
