import * as z from 'zod';

const callFrame = z.object({
  functionName: z.string(),
  /** Empty for native functions. */
  url: z.string(),
  /** Counts from 0, as the column does. */
  lineNumber: z.int(),
  columnNumber: z.int(),
});

/**
 * The parts of a profile that are read: https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-Profile. The number of samples
 * in which a function itself was running (`hitCount`) measures its CPU time. The intervals between samples would also include the time in
 * which the thread waited for the disk, or for a core that other programs used: V8 takes one sample of such a wait, however long it is.
 */
export const cpuProfile = z.object({
  nodes: z.array(z.object({ id: z.int(), callFrame, hitCount: z.int(), children: z.array(z.int()).exactOptional() })),
});
export type CpuProfile = z.infer<typeof cpuProfile>;

/** A function in a profile. */
export type CallFrame = z.infer<typeof callFrame>;

/** A function that was running in some samples. */
export interface Sampled {
  /** The function and its callers, the function first. */
  readonly stack: readonly [CallFrame, ...CallFrame[]];
  readonly samples: number;
}

/** The name of what V8 samples while the event loop waits for events. */
const IDLE = '(idle)';

/** Lists what was running in the samples of a profile, without idle time. */
export function busySamplesOf({ nodes }: CpuProfile): readonly Sampled[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const callersOf = (id: number): CallFrame[] => {
    const parent = byId.get(parents.get(id) ?? Number.NaN);
    return parent === undefined ? [] : [parent.callFrame, ...callersOf(parent.id)];
  };
  return nodes
    .filter(({ hitCount, callFrame }) => hitCount > 0 && callFrame.functionName !== IDLE)
    .map(({ id, callFrame, hitCount }) => ({ stack: [callFrame, ...callersOf(id)], samples: hitCount }));
}
