import type { Attributes } from '@opentelemetry/api';

/** Attributes of HTTP spans that have the query string, by the current and the older semantic conventions of OpenTelemetry. */
const URL_ATTRIBUTES = ['url.query', 'url.full', 'http.url', 'http.target'] as const;

/** `q` and its value in a query string. Search terms are often names. */
const SEARCH = /(^|[?&])(q=)[^&#]*/g;

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
      if (typeof value === 'string') attributes[name] = value.replace(SEARCH, '$1$2REDACTED');
    }
  },
  forceFlush: async (): Promise<void> => {},
  shutdown: async (): Promise<void> => {},
};
