import { Link } from 'wouter';

/** Leads to a chapter of the runbook, which the console serves itself: it works on a developer machine and in Azure. */
export function RunbookLink({ chapter, children }: { readonly chapter: string; readonly children: string }) {
  return <Link href={`/runbook/${chapter}`}>{children}</Link>;
}
