import type { ChildProcess, Serializable } from 'node:child_process';

/** Sends a message to a child process. One that has just ended does not get it, and its exit tells why. */
export function tell(child: ChildProcess, message: Serializable): void {
  if (child.connected) child.send(message, () => undefined); // without a callback, the error would end this process
}
