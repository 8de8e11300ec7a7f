import { eventually } from '../system/api-client.ts';
import type { TestSystem } from '../system/system.ts';

/** Resolves to what the log says about the changes that admins have made to a record: `<user> <operation>` each, in order. */
export function changesInLog(system: TestSystem, id: string, count: number): Promise<readonly string[]> {
  return eventually(
    async () => {
      const lines = system.host.output().split('\n').slice(0, -1); // the last one may be incomplete
      const changes = lines.filter((line) => line.includes('"admin-change"') && line.includes(`"${id}"`));
      return changes.map((line) => JSON.parse(line)).map(({ userId, operation }) => `${userId} ${operation}`);
    },
    (changes) => changes.length >= count,
  );
}
