import type { Browser, BrowserContext, Page } from 'playwright-core';

/** The sizes and themes in which every page must work. */
export const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 780 } } as const;
export const THEMES = ['light', 'dark'] as const;
export type Size = keyof typeof SIZES;
export type Theme = (typeof THEMES)[number];

/** For a machine that is ten times slower. */
const TIMEOUT_MS = 60_000;

/** A page of the console in a tab of its own. */
export interface ConsolePage {
  readonly page: Page;
  /** What the browser has written to its log: warnings, errors and exceptions. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

export interface ConsolePageOptions {
  readonly size?: Size;
  readonly theme?: Theme;
  /** The id of the caller in the header. Default: the console's own choice. */
  readonly caller?: string;
  /** Runs before the address is opened. */
  readonly before?: (context: BrowserContext) => Promise<void>;
}

/** Opens an address of the console. */
export async function openConsole(
  browser: Browser,
  url: string,
  { size = 'desktop', theme = 'light', caller, before }: ConsolePageOptions = {},
): Promise<ConsolePage> {
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme: theme,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(TIMEOUT_MS);
  if (caller !== undefined) await context.addInitScript((id) => sessionStorage.setItem('caller', id), caller);
  await before?.(context);
  const page = await context.newPage();
  const log: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) log.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => log.push(error.message));
  await page.goto(url);
  return { page, log, close: () => context.close() };
}
