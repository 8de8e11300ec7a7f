import { Link } from 'wouter';
import { chapters } from '../../../docs/operations.md';
import { EmptyState } from '../parts/empty-state.tsx';
import { ListIcon } from '../parts/icons.tsx';
import './runbook.css';

/** A chapter of docs/operations.md: what to do when something needs attention. */
export function RunbookPage({ chapterId }: { readonly chapterId: string }) {
  const chapter = chapters.find(({ id }) => id === chapterId);
  return (
    <div className="stack">
      <div className="page-head">
        <div>
          <h1>{chapter?.title ?? 'Runbook'}</h1>
          <p>From the runbook of this release, docs/operations.md.</p>
        </div>
      </div>
      <section className="card" aria-label="Chapter">
        {chapter === undefined ? (
          <EmptyState icon={<ListIcon />} title="There is no such chapter">
            Choose one of the chapters below.
          </EmptyState>
        ) : (
          // biome-ignore lint/security/noDangerouslySetInnerHtml: the build makes it from a file of this repository
          <div className="prose" dangerouslySetInnerHTML={{ __html: chapter.html }} />
        )}
      </section>
      <nav className="card" aria-label="Chapters">
        <ul className="chapters small">
          {chapters.map(({ id, title }) => (
            <li key={id}>
              <Link href={`/runbook/${id}`} aria-current={id === chapterId ? 'page' : undefined}>
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}
