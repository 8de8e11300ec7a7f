import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Keeps one core busy for a minute. */
const COMPUTES = /\/test\/simulation\//;

/** These start and kill processes again and again. */
const STARTS_MANY_PROCESSES = /\/test\/faults\/|\/(azure\.e2e|start(-faults)?\.e2e|generators\.int)\.spec\.ts$/;

/**
 * Runs the files that take minutes first, so that all workers finish at about the same time. The simulation is the first, so that it
 * computes while the tests of faults wait for processes and timers. Files that share a system come after those that have their own, so
 * that the shared system is not idle meanwhile. Unit tests come last: none of them keeps a worker busy when the others have ended. Among equals,
 * Vitest's order: the files that took longest in the last run first.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const stages = new Map(sorted.map((file) => [file, stageOf(file)]));
    return sorted.toSorted((one, other) => (stages.get(one) ?? 0) - (stages.get(other) ?? 0));
  }
}

function stageOf({ project, moduleId }: TestSpecification): number {
  const startsMany = STARTS_MANY_PROCESSES.test(moduleId);
  if (project.name === 'parts') return startsMany ? 4 : moduleId.endsWith('.int.spec.ts') ? 5 : 6;
  if (COMPUTES.test(moduleId)) return 0;
  if (startsMany) return 1;
  return readFileSync(moduleId, 'utf8').includes('/shared-system.ts') ? 3 : 2;
}
