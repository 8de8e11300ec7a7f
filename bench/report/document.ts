import type { SectionResult } from './figure.ts';
import type { Machine } from './machine.ts';
import { figureTable } from './table.ts';

export interface Report {
  readonly machine: Machine;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** The command that made it. */
  readonly command: string;
  readonly sections: readonly SectionResult[];
}

/** The text of `docs/benchmarks.md`. */
export function benchmarksDocument({ machine, at, command, sections }: Report): string {
  const { cpu, cores, memory, os, node, load } = machine;
  const seconds = Math.round(sections.reduce((sum, section) => sum + section.seconds, 0));
  return `# Benchmarks

\`${command}\` wrote this file on ${at.slice(0, 10)}, in ${seconds} s. [Performance](performance.md) explains the costs and has the targets.

| machine | |
| --- | --- |
| CPU | ${cpu}, ${cores} cores |
| Memory | ${memory} GiB |
| Operating system | ${os} |
| Node | ${node} |
| Load before the run | ${load} |

Everything runs on this machine: the apps, the stand-ins for Azure and the clients. So compare ratios, not rates. Alternatives alternate in one run, a round
of each after the other. A value is the median of the rounds, and its spread is their minimum and maximum. Counts have no spread: they
are the same on every machine. "CPU ms" is CPU time, which other programs on the machine change little. Request units are the stand-in's estimate by Azure's published rules.

${figureTable(sections)}
`;
}
