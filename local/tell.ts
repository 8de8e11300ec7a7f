import type { ChildProcess, Serializable } from 'node:child_process';

/** Sends a message to a child process. Does nothing when the process has just ended: its exit is reported elsewhere. */
export function tell(child: ChildProcess, message: Serializable): void {
  if (child.connected) child.send(message, () => undefined); // without a callback, the error would end this process
}
