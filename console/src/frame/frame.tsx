import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { Mark, MoonIcon, SunIcon, SystemIcon } from '../parts/icons.tsx';
import { useConsole } from '../session/session-context.tsx';
import { pagesFor } from './pages.ts';
import { type Theme, useTheme } from './theme.ts';

const THEME_ICONS: Readonly<Record<Theme, ReactNode>> = {
  system: <SystemIcon />,
  light: <SunIcon />,
  dark: <MoonIcon />,
};

/** The header with the navigation, and the page below it. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const [location] = useLocation();
  const main = useRef<HTMLElement>(null);
  const before = useRef(location);
  useEffect(() => {
    if (before.current === location) return;
    before.current = location;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true }); // screen readers and the keyboard continue in the new page
  }, [location]);
  return (
    <>
      <a className="skip button" href="#content">
        Skip to the content
      </a>
      <header className="frame-head">
        <div>
          <Link href="/" className="brand" aria-label="Orders console">
            <Mark />
            <span>Orders</span>
          </Link>
          <Navigation location={location} />
          <div className="frame-tools">
            <CallerChoice />
            <ThemeSwitch />
          </div>
        </div>
      </header>
      <main id="content" ref={main} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

/** Scrolls sideways where the pages do not fit. */
function Navigation({ location }: { readonly location: string }) {
  const { session } = useConsole();
  const nav = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page has another link
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [location]);
  return (
    <nav className="nav" aria-label="Pages" ref={nav}>
      {pagesFor(session.caller).map(({ path, name }) => (
        <Link key={path} href={path} aria-current={location.startsWith(path) ? 'page' : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}

function CallerChoice() {
  const { session, switchTo } = useConsole();
  const { caller, callers, signOut } = session;
  if (callers.length === 1) {
    return (
      <>
        <span className="small soft">{caller.name}</span>
        {signOut !== undefined && (
          <button type="button" className="button quiet small" onClick={signOut}>
            Sign out
          </button>
        )}
      </>
    );
  }
  return (
    <label>
      <span>Acting as</span>
      <select className="input" value={caller.id} onChange={(event) => switchTo(event.target.value)}>
        {callers.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function ThemeSwitch() {
  const { theme, switchTheme } = useTheme();
  return (
    <button type="button" className="icon-button" aria-label={`Theme: ${theme}. Switch.`} onClick={switchTheme}>
      {THEME_ICONS[theme]}
    </button>
  );
}
