import type { CountedLife } from '../scripts/capacity/counted.ts';
import { demandOf } from '../scripts/capacity/demand.ts';
import { ESTIMATES } from '../scripts/capacity/estimates.ts';
import { rounded, table, whole } from '../scripts/capacity/format.ts';
import { planOf } from '../scripts/capacity/plan.ts';
import type { Resource } from '../scripts/capacity/resource.ts';
import { resources } from '../scripts/capacity/resources.ts';
import { readTemplateSizes } from '../scripts/capacity/template-sizes.ts';
import type { Workload } from '../scripts/capacity/workload.ts';
import { type QueueReport, simulateSystem } from './capacity-model.ts';

/** Simulated seconds for a report, and for each round. */
const SECONDS = 20;
const ROUND_SECONDS = 6;
const SEED = 1;

/** Simulates a load with what the template deploys. */
export function simulateDeployed(workload: Workload, counted: readonly CountedLife[]): readonly QueueReport[] {
  const { demand, template } = loadOf(workload, counted);
  return simulateSystem({ demand, resources: template, capacityOf: ({ deployed }) => deployed, ...FOR_A_REPORT });
}

/** Simulates a load with what the plan has: of each resource as much as is needed, and the planned reserve. */
export function simulatePlanned(workload: Workload, counted: readonly CountedLife[]): readonly QueueReport[] {
  const { planned, template, plannedOf } = loadOf(workload, counted);
  return simulateSystem({ demand: planned, resources: template, capacityOf: plannedOf, ...FOR_A_REPORT });
}

const FOR_A_REPORT = { seconds: SECONDS, seed: SEED };

/**
 * Simulates a load with what the template deploys, gives whatever ran out what the plan has of it, and simulates again, until nothing
 * runs out: the bottlenecks in the order in which an operator would meet them. Each one hides those after it.
 */
export function simulateRounds(workload: Workload, counted: readonly CountedLife[]): readonly (readonly Resource[])[] {
  const { demand, template, plannedOf } = loadOf(workload, counted);
  const raised = new Set<string>();
  const rounds: (readonly Resource[])[] = [];
  for (;;) {
    const reports = simulateSystem({
      demand,
      resources: template,
      capacityOf: (resource) => (raised.has(resource.id) ? plannedOf(resource) : resource.deployed),
      seconds: ROUND_SECONDS,
      seed: SEED,
    });
    const growing = reports.filter(({ id, grows }) => grows && !raised.has(id)).map(({ id }) => id);
    if (growing.length === 0) return rounds;
    for (const id of growing) raised.add(id);
    rounds.push(template.filter(({ id }) => growing.includes(id)));
  }
}

function loadOf(workload: Workload, counted: readonly CountedLife[]) {
  const sizes = readTemplateSizes();
  const demand = demandOf(workload, counted, sizes.eventHubsPartitions);
  const { demand: planned, hub } = planOf(workload, counted);
  const plannedOf = (resource: Resource) =>
    resource.stage === 'partition' ? hub.partitions : resource.needed(planned) / ESTIMATES.utilization.value;
  return { demand, planned, template: resources(sizes), plannedOf };
}

/** Where queues grow, as text. */
export function simulationText(workload: Workload, counted: readonly CountedLife[]): string {
  const show = (title: string, reports: readonly QueueReport[]) =>
    `${title}\n\n${table(
      ['resource', 'used', `waiting after ${SECONDS / 2} s`, `waiting after ${SECONDS} s`, 'queue'],
      reports.map(({ service, what, utilization, waitingAtHalf, waitingAtEnd, grows }) => [
        `${service}: ${what}`,
        `${rounded(utilization * 100)} %`,
        whole(waitingAtHalf),
        whole(waitingAtEnd),
        grows ? '**grows**' : 'bounded',
      ]),
    )}`;
  return [
    show('Simulated with infra/prod.bicepparam:', simulateDeployed(workload, counted)),
    show('Simulated with the plan:', simulatePlanned(workload, counted)),
  ].join('\n\n');
}

/** The bottlenecks one after the other, as a table. */
export function roundsText(rounds: readonly (readonly Resource[])[]): string {
  return table(
    ['round', 'where queues grow'],
    rounds.map((growing, index) => [
      String(index + 1),
      growing.map(({ service, what }) => `${service}: ${what}`).join('<br>'),
    ]),
  );
}
