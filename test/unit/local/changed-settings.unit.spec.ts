import { describe, expect, it } from 'vitest';
import { changedSettings } from '../../../local/changed-settings.ts';

const storage = (blob: number) =>
  `AccountName=a;BlobEndpoint=http://127.0.0.1:${blob}/a;QueueEndpoint=http://127.0.0.1:10001/a;TableEndpoint=http://127.0.0.1:10002/a;`;

describe('the settings to paste for "func start"', () => {
  it('leave out what local.settings.json already has', () => {
    expect(changedSettings({ A: '1', B: '2' }, { A: '1', B: '3', C: '4' })).toEqual(["export B='3'", "export C='4'"]);
  });

  it('treat UseDevelopmentStorage=true as the emulator on its default ports', () => {
    const settings = { AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
    expect(changedSettings(settings, { AzureWebJobsStorage: storage(10_000) })).toEqual([]);
    expect(changedSettings(settings, { AzureWebJobsStorage: storage(11_000) })).toHaveLength(1);
  });

  it('are quoted for a shell', () => {
    expect(changedSettings({}, { A: "it's; $HOME" })).toEqual(["export A='it'\\''s; $HOME'"]);
  });
});
