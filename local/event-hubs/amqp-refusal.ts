/** The AMQP error conditions the stand-in answers with, by the fault they stand for. */
export const condition = {
  notFound: 'amqp:not-found',
  unauthorized: 'amqp:unauthorized-access',
  decodeError: 'amqp:decode-error',
  notImplemented: 'amqp:not-implemented',
  resourceLimit: 'amqp:resource-limit-exceeded',
  stolen: 'amqp:link:stolen',
  tooLarge: 'amqp:link:message-size-exceeded',
  argument: 'com.microsoft:argument-error',
  outOfRange: 'com.microsoft:argument-out-of-range',
} as const;

export type Condition = (typeof condition)[keyof typeof condition];

/** What the client asked for is refused; it becomes the error of a detach, a rejected delivery or a management reply. */
export class AmqpRefusal extends Error {
  override readonly name = 'AmqpRefusal';
  readonly condition: Condition;

  /**
   * @param refused the AMQP error condition, which the SDK maps to its error code
   * @param description the text the SDK shows as the error's message
   */
  constructor(refused: Condition, description: string) {
    super(description);
    this.condition = refused;
  }
}

/** The wording matters: the SDK recognises `MessagingEntityNotFoundError` by it. */
export function entityNotFound(entity: string): AmqpRefusal {
  return new AmqpRefusal(condition.notFound, `The messaging entity '${entity}' could not be found.`);
}
