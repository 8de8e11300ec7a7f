import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { toFailure } from './api/commands.ts';
import { App } from './app.tsx';
import './design/tokens.css';
import './design/base.css';
import './design/parts.css';
import './design/frame.css';
import { ProblemMessage } from './parts/problem-message.tsx';
import { loadConfig } from './session/config.ts';
import { openSession } from './session/open-session.ts';
import { SessionProvider } from './session/session-context.tsx';

const container = document.getElementById('console');
if (container === null) throw new Error('The page has no container.');
const root = createRoot(container);

try {
  const session = await openSession(await loadConfig());
  root.render(
    <StrictMode>
      <SessionProvider first={session}>
        <App />
      </SessionProvider>
    </StrictMode>,
  );
} catch (error) {
  root.render(
    <main>
      <ProblemMessage failure={toFailure(error)} />
    </main>,
  );
}
