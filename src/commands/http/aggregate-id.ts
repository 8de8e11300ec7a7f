import { randomUUID } from 'node:crypto';
import { invalid } from '../../shared/http/validate.ts';
import type { CommandEnvelope } from '../pipeline/command.ts';

/** The aggregate that a command changes. Throws Problem `validation-failed` when the envelope names none. */
export function existingId({ aggregateId, commandType }: CommandEnvelope): string {
  if (aggregateId !== undefined) return aggregateId;
  throw invalid([{ path: 'aggregateId', message: `must be given: ${commandType} changes something that exists` }]);
}

/** The id of a new aggregate: the one in the command's data or in its envelope, else a new one. */
export function newId({ aggregateId }: CommandEnvelope, inData: string | undefined): string {
  if (aggregateId === undefined || inData === undefined || aggregateId === inData) {
    return inData ?? aggregateId ?? randomUUID();
  }
  throw invalid([
    { path: 'aggregateId', message: `is ${aggregateId}, but the data names ${inData}: give one of them` },
  ]);
}
