import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { formatLine, type LogEntry } from '../../../local/functions-host/log-format.ts';
import { logPrinter } from '../../../local/print-log.ts';

const ENTRY: LogEntry = {
  time: '2026-01-31T12:03:04.123Z',
  level: 'information',
  source: 'placeOrder',
  message: 'POST /api/orders 202',
  method: 'POST',
  route: '/api/orders',
  status: 202,
  ms: 14,
  correlationId: 'abc',
};

/** A stream that is a terminal, or is not one. */
function stream(isTTY: boolean) {
  return Object.assign(new PassThrough({ encoding: 'utf8' }), {
    isTTY,
    getColorDepth: WriteStream.prototype.getColorDepth,
  });
}

function printed(isTTY: boolean, line: string): unknown {
  const target = stream(isTTY);
  logPrinter(target)(`${line}\n`);
  return target.read();
}

// Node reads many variables to tell what a terminal can show: TERM, CI, TMUX and others.
beforeEach(() => {
  for (const variable of Object.keys(process.env)) vi.stubEnv(variable, undefined);
  vi.stubEnv('TERM', 'xterm-256color');
});
afterEach(() => void vi.unstubAllEnvs());

it('shows time, level, function and message, and the fields that the message does not contain', () => {
  expect(formatLine(ENTRY, stream(false))).toBe(
    '12:03:04.123 info  placeOrder: POST /api/orders 202  ms=14 correlationId=abc',
  );
});

it('shows an entry without fields', () => {
  const { time, source } = ENTRY;
  expect(formatLine({ time, level: 'error', source, message: 'It failed.' }, stream(false))).toBe(
    '12:03:04.123 error placeOrder: It failed.',
  );
});

it.each([
  ['debug', 90],
  ['information', 32],
  ['warning', 33],
  ['error', 31],
] as const)('gives the level %s a color of its own on a terminal', (level, color) => {
  expect(formatLine({ ...ENTRY, level }, stream(true))).toContain(`\u001b[${color}m`);
});

it('uses no colors where NO_COLOR is set', () => {
  vi.stubEnv('NO_COLOR', '1');
  expect(formatLine(ENTRY, stream(true))).toBe(formatLine(ENTRY, stream(false)));
});

it('prints the log for people on a terminal, and elsewhere as JSON', () => {
  const line = JSON.stringify(ENTRY);
  expect(printed(false, line)).toBe(`${line}\n`);
  expect(stripVTControlCharacters(String(printed(true, line)))).toBe(`${formatLine(ENTRY, stream(false))}\n`);
});

it('prints other lines as they are', () => {
  expect(printed(true, '{"time":half')).toBe('{"time":half\n');
  expect(printed(true, 'Debugger listening')).toBe('Debugger listening\n');
});
