import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { PROJECTIONS, type ReadModelProjection } from '../../src/sync/projections/projections.ts';
import { projectionsOfVersion } from '../support/projections/projections-of-version.ts';

/** The projections of a release of the sync app. */
export type Release = readonly ReadModelProjection[];

/** A release with a new version of every projection. */
export const NEXT_RELEASE: Release = projectionsOfVersion(99);

/** Events that the defective release cannot project. */
const isUnlucky = ({ eventType }: EventEnvelope) =>
  eventType === 'OrderConfirmed' || eventType === 'CustomerContactChanged' || eventType === 'PriceChanged';

/** A release whose projections throw for some events, which become dead letters. */
export const DEFECTIVE_RELEASE: Release = PROJECTIONS.map(({ consumerGroup, projection }) => ({
  consumerGroup,
  projection: {
    ...projection,
    apply: (documents, event, partitionKey) => {
      if (isUnlucky(event)) throw new Error('a defect of this release');
      return projection.apply(documents, event, partitionKey);
    },
  },
}));
