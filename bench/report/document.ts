import type { SectionResult } from './figure.ts';
import type { Machine } from './machine.ts';
import { figureTable } from './table.ts';

/** A run of the benchmark. */
export interface Report {
  readonly machine: Machine;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** The command line of the run. */
  readonly command: string;
  readonly sections: readonly SectionResult[];
}

/** Formats `docs/benchmarks.md`. */
export function benchmarksDocument({ machine, at, command, sections }: Report): string {
  const { cpu, cores, memory, os, node, load } = machine;
  const seconds = Math.round(sections.reduce((sum, section) => sum + section.seconds, 0));
  return `# Benchmarks

\`${command}\` wrote this file on ${at.slice(0, 10)}, in ${seconds} s. [Performance](performance.md) explains the figures and lists the targets.

| machine | |
| --- | --- |
| CPU | ${cpu}, ${cores} cores |
| Memory | ${memory} GiB |
| Operating system | ${os} |
| Node | ${node} |
| Load average before the run | ${load} |

The apps, the stand-ins for Azure and the clients all run on this machine, so compare ratios rather than rates. A ratio (×) compares alternatives that take turns in
the same run: 0.5 × means half as much as the alternative after "relative to". A value is the median of the rounds, and the spread is their minimum and maximum.
The value of a profile is that of all rounds together, so that the shares of an app's CPU time add up to 100 %. The functions are part of the categories. Counts have no spread, because they are the same on every machine. A quick run has no spreads, because it has one round. CPU time ("CPU ms") depends little on other programs on the machine. The stand-in estimates
request units ("RU") by Azure's published rules. A missed goal fails nothing: a benchmark is not a test.

${figureTable(sections)}
`;
}
