/** What API Management takes in an element of a policy. */
export interface PolicyElement {
  readonly attributes: readonly string[];
  readonly children: readonly string[];
}

const element = (attributes: string, children = ''): PolicyElement => ({
  attributes: attributes.split(' ').filter(Boolean),
  children: children.split(' ').filter(Boolean),
});

const ANYWHERE = 'choose include-fragment return-response set-body set-header set-status set-variable';
const INBOUND = `base authentication-managed-identity cache-lookup cors rate-limit-by-key set-backend-service validate-azure-ad-token validate-jwt ${ANYWHERE}`;
const BACKEND = `base forward-request limit-concurrency ${ANYWHERE}`;
const OUTBOUND = `base cache-store ${ANYWHERE}`;
const TOKEN = 'header-name query-parameter-name token-value failed-validation-httpcode failed-validation-error-message';
/** Where a fragment or a branch stands decides which policies it takes; the section around it is not looked at. */
const STATEMENTS = [...new Set(`${INBOUND} ${BACKEND} ${OUTBOUND}`.split(' '))].join(' ');

/** The elements that the policies use, by https://learn.microsoft.com/azure/api-management/api-management-policies. */
export const POLICY_ELEMENTS: Readonly<Record<string, PolicyElement>> = {
  policies: element('', 'inbound backend outbound on-error'),
  fragment: element('', STATEMENTS.replace('base ', '')),
  inbound: element('', INBOUND),
  backend: element('', BACKEND),
  outbound: element('', OUTBOUND),
  'on-error': element('', `base ${ANYWHERE}`),
  base: element(''),

  choose: element('', 'when otherwise'),
  when: element('condition', STATEMENTS),
  otherwise: element('', STATEMENTS),
  'include-fragment': element('fragment-id'),
  'set-variable': element('name value'),
  'set-header': element('name exists-action', 'value'),
  value: element(''),
  'set-status': element('code reason'),
  'set-body': element('template xsi-nil parse-date'),
  'return-response': element('response-variable-name', 'set-status set-header set-body'),
  'set-backend-service': element('base-url backend-id sf-resolve-condition sf-service-instance-name sf-partition-key'),
  'forward-request': element(
    'http-version timeout timeout-ms continue-timeout follow-redirects buffer-request-body buffer-response fail-on-error-status-code',
  ),
  'limit-concurrency': element('key max-count', 'choose forward-request limit-concurrency'),
  'cache-lookup': element(
    'vary-by-developer vary-by-developer-groups caching-type downstream-caching-type must-revalidate allow-private-response-caching',
    'vary-by-header vary-by-query-parameter',
  ),
  'cache-store': element('duration cache-response'),
  'rate-limit-by-key': element(
    'calls renewal-period increment-condition increment-count counter-key retry-after-header-name retry-after-variable-name remaining-calls-header-name remaining-calls-variable-name total-calls-header-name',
  ),

  cors: element(
    'allow-credentials terminate-unmatched-request',
    'allowed-origins allowed-methods allowed-headers expose-headers',
  ),
  'allowed-origins': element('', 'origin'),
  origin: element(''),
  'allowed-methods': element('preflight-result-max-age', 'method'),
  method: element(''),
  'allowed-headers': element('', 'header'),
  'expose-headers': element('', 'header'),
  header: element(''),

  'authentication-managed-identity': element('resource client-id output-token-variable-name ignore-error'),
  'validate-azure-ad-token': element(
    `tenant-id authentication-endpoint output-token-variable-name ${TOKEN}`,
    'client-application-ids backend-application-ids audiences required-claims decryption-keys',
  ),
  'client-application-ids': element('', 'application-id'),
  'application-id': element(''),
  'validate-jwt': element(
    `require-expiration-time require-scheme require-signed-tokens clock-skew output-token-variable-name ${TOKEN}`,
    'openid-config issuer-signing-keys decryption-keys audiences issuers required-claims',
  ),
  'openid-config': element('url'),
  audiences: element('', 'audience'),
  audience: element(''),
  issuers: element('', 'issuer'),
  issuer: element(''),
};
