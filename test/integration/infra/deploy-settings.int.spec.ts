import { describe, expect, it } from 'vitest';
import { deploy, runHook, steps } from '../../support/infra/deploy.ts';

const PROD = ['--environment', 'prod'];
const ORIGINS = { ALLOWED_ORIGINS: 'https://shop.example.com' };

describe('the settings of infra/deploy.sh', () => {
  it.each([
    ['SQL_ADMINISTRATORS_ID', 'orders-administrators', 'a GUID'],
    ['AUTH_ALLOWED_CLIENTS', ' , ', 'client ids'],
    ['AUTH_ALLOWED_CLIENTS', 'shop admin-page', 'client ids'],
    ['AUTH_ALLOWED_CLIENTS', 'shop; admin-page', 'client ids'],
    ['ALERT_EMAILS', 'ops@example.com, nobody', 'e-mail addresses'],
    ['ALLOWED_ORIGINS', 'shop.example.com', 'origins such as https://shop.example.com'],
    ['ALLOWED_ORIGINS', 'https://shop.example.com/', 'origins such as https://shop.example.com'],
  ])('are refused before Azure is asked for anything: %s="%s"', async (setting, value, form) => {
    const { code, calls, output } = await deploy({}, PROD, { ...ORIGINS, [setting]: value });

    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(output).toContain(`${setting} must be ${form}`);
    expect(output).toContain(`and is '${value}'.`);
  });

  it('may have blanks around the commas of a list, and a comma at the end', async () => {
    const lists = {
      AUTH_ALLOWED_CLIENTS: 'shop , admin-page,',
      ALERT_EMAILS: 'ops@example.com, developers@example.com, ',
      ALLOWED_ORIGINS: 'https://shop.example.com,https://localhost:5173,',
    };
    const { code, calls } = await deploy({}, [...PROD, '--what-if'], lists);

    expect(code).toBe(0);
    expect(steps(calls)).toContain('az deployment group what-if');
  });

  it('are also checked by the hook of azd before the template', async () => {
    const { code, calls, output } = await runHook('preprovision', {}, { ALERT_EMAILS: 'nobody' });

    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(output).toContain("ALERT_EMAILS must be e-mail addresses, separated by commas, and is 'nobody'.");
  });
});
