/** What a page may load from elsewhere, as sources of a Content-Security-Policy. */
export interface PageSources {
  readonly connectTo?: readonly string[];
  readonly images?: readonly string[];
}

/** Headers of a page whose content comes from its own origin, except from these sources. Nothing inline runs. */
export function pageHeaders({ connectTo = [], images = [] }: PageSources): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src ${["'self'", ...images].join(' ')}`,
    `connect-src ${["'self'", ...connectTo].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
}
