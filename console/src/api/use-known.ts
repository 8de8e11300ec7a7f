import { useEffect, useRef, useState } from 'react';

/** A value that cannot always be read. */
export interface Known<Value> {
  /** The value, or the last one that there was. */
  readonly known: Value | undefined;
  /** Since when there is none, in milliseconds since 1970: when the last one was read, or else when the page was opened. */
  readonly unknownSince: number | undefined;
}

/** Keeps the last value while a newer one cannot be read. `readAt`: when the value was read, in milliseconds since 1970. */
export function useKnown<Value>(value: Value | undefined, readAt: number | undefined): Known<Value> {
  const openedAt = useRef(Date.now());
  const [last, setLast] = useState<{ readonly value: Value; readonly readAt: number | undefined }>();
  useEffect(() => {
    if (value !== undefined) setLast({ value, readAt });
  }, [value, readAt]);
  if (value !== undefined) return { known: value, unknownSince: undefined };
  return { known: last?.value, unknownSince: last?.readAt ?? openedAt.current };
}
