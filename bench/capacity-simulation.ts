import type { CountedLife } from '../scripts/capacity/counted.ts';
import { type Demand, demandOf } from '../scripts/capacity/demand.ts';
import { ESTIMATES } from '../scripts/capacity/estimates.ts';
import { rounded, table, whole } from '../scripts/capacity/format.ts';
import { planOf } from '../scripts/capacity/plan.ts';
import { type Resource, resources } from '../scripts/capacity/resources.ts';
import { readTemplateSizes } from '../scripts/capacity/template-sizes.ts';
import type { Workload } from '../scripts/capacity/workload.ts';
import { type QueueReport, simulateSystem } from './capacity-model.ts';

const SECONDS = 20;
const SEED = 1;

/** Simulates a load with what the template deploys. */
export function simulateDeployed(workload: Workload, counted: readonly CountedLife[]): readonly QueueReport[] {
  const sizes = readTemplateSizes();
  const demand = demandOf(workload, counted, sizes.eventHubsPartitions);
  return simulate(demand, ({ deployed }) => deployed);
}

/** Simulates a load with what the plan has: of each resource as much as is needed, and the planned reserve. */
export function simulatePlanned(workload: Workload, counted: readonly CountedLife[]): readonly QueueReport[] {
  const { demand, hub } = planOf(workload, counted);
  const reserve = (resource: Resource) => resource.needed(demand) / ESTIMATES.utilization.value;
  return simulate(demand, (resource) => (resource.stage === 'partition' ? hub.partitions : reserve(resource)));
}

function simulate(demand: Demand, capacityOf: (resource: Resource) => number): readonly QueueReport[] {
  return simulateSystem({
    demand,
    resources: resources(readTemplateSizes()),
    capacityOf,
    seconds: SECONDS,
    seed: SEED,
  });
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
