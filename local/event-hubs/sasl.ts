/**
 * Who a client is (AMQP 1.0 part 5.3). Names and keys are not checked: PLAIN, with a policy's name and key, authorizes the
 * connection; ANONYMOUS and MSSBCBS leave that to a token, which the client puts to `$cbs`.
 */
import type { Connection, Container } from 'rhea';
import { saslMechanism } from './rhea-access.ts';

/** PLAIN (RFC 4616): rhea's own calls back without telling the connection. */
class PlainMechanism {
  /** What rhea reads once it has called {@link start}. */
  outcome: boolean | undefined;

  /** @param response authorization identity, policy name and key, each but the first after a zero byte */
  start(response: Buffer | undefined): void {
    const [, policy, key] = String(response ?? '').split('\0');
    this.outcome = Boolean(policy && key);
  }
}

/** Offers the mechanisms; MSSBCBS is Azure's name for "not by SASL". */
export function offerMechanisms({ sasl_server_mechanisms: mechanisms }: Container): void {
  mechanisms.enable_anonymous();
  mechanisms.MSSBCBS = mechanisms.ANONYMOUS;
  mechanisms.PLAIN = () => new PlainMechanism();
}

/** @returns whether the client has given a policy's name and key */
export function isSignedIn(connection: Connection): boolean {
  const mechanism = saslMechanism(connection);
  return mechanism instanceof PlainMechanism && mechanism.outcome === true;
}
