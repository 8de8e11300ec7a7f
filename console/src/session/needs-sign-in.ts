import { AuthError, InteractionRequiredAuthError } from '@azure/msal-browser';

/**
 * True when only signing in again gives a token: the refresh token has expired or was revoked. Entra then answers `invalid_grant`, which
 * the library does not count among the errors that require interaction unless the answer has one of the suberrors that it knows.
 */
export const needsSignIn = (error: unknown): boolean =>
  error instanceof InteractionRequiredAuthError || (error instanceof AuthError && error.errorCode === 'invalid_grant');
