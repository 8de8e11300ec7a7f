import { BrowserAuthError, InteractionRequiredAuthError, ServerError } from '@azure/msal-browser';
import { describe, expect, it } from 'vitest';
import { needsSignIn } from '../../../console/src/session/needs-sign-in.ts';

const CORRELATION_ID = 'c0ffee00-0000-4000-8000-000000000000';

describe('a failure to renew a token', () => {
  it.each([
    ['a refresh token that has expired', new ServerError('invalid_grant', CORRELATION_ID)],
    ['a policy that requires interaction', new InteractionRequiredAuthError('interaction_required', CORRELATION_ID)],
  ])('leads to the sign-in page: %s', (_, error) => {
    expect(needsSignIn(error)).toBe(true);
  });

  it.each([
    ['no network', new BrowserAuthError('no_network_connectivity', CORRELATION_ID)],
    ['an error of the service', new ServerError('temporarily_unavailable', CORRELATION_ID)],
    ['an error of the page', new TypeError('Failed to fetch')],
  ])('is shown: %s', (_, error) => {
    expect(needsSignIn(error)).toBe(false);
  });
});
