import { newIdentifier } from '../../shared/http/identifiers.ts';
import { invalid, validate } from '../../shared/http/validate.ts';
import type { CommandEnvelope } from '../pipeline/command.ts';

/** Returns the id of the aggregate that a command changes. Throws Problem `validation-failed` when the envelope has none. */
export function existingId({ aggregateId, commandType }: CommandEnvelope): string {
  if (aggregateId !== undefined) return aggregateId;
  throw invalid([{ path: 'aggregateId', message: `is required: ${commandType} changes an existing aggregate` }]);
}

/**
 * Returns the id of a new aggregate: the one in the command's data or its envelope, or else the one generated for it. Throws Problem
 * `validation-failed` when the two differ or the id is not one for a new aggregate.
 */
export function newId({ aggregateId, newAggregateId }: CommandEnvelope, inData: string | undefined): string {
  if (aggregateId === undefined || inData === undefined || aggregateId === inData) {
    return inData ?? (aggregateId === undefined ? newAggregateId : validate(newIdentifier, aggregateId, 'aggregateId'));
  }
  throw invalid([
    { path: 'aggregateId', message: `is ${aggregateId}, but the data contains ${inData}: send only one of them` },
  ]);
}
