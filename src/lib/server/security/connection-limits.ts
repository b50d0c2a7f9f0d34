import { BusyError } from '../errors/app-error.ts';

export interface ConnectionLimits {
  perUser: number;
  perAddress: number;
}

/** Counts connections by person and by address. Returns the call that gives the place back; it may come twice. */
export function createConnectionCounter({ perUser, perAddress }: ConnectionLimits) {
  const counts = new Map<string, number>();
  return {
    /** Throws a BusyError when a limit is reached. */
    take({ userId, address }: { userId: string; address: string }): () => void {
      const user = `user ${userId}`;
      const place = `address ${address}`;
      if (countOf(user) >= perUser) throw tooMany('You have as many open tabs as one person may have.');
      if (countOf(place) >= perAddress) throw tooMany('Too many tabs are open from this address.');
      add(user, 1);
      add(place, 1);
      let given = false;
      return () => {
        if (given) return;
        given = true;
        add(user, -1);
        add(place, -1);
      };
    },
  };

  function countOf(key: string): number {
    return counts.get(key) ?? 0;
  }

  function add(key: string, by: number): void {
    const count = countOf(key) + by;
    if (count > 0) counts.set(key, count);
    else counts.delete(key);
  }
}

function tooMany(message: string): BusyError {
  return new BusyError('too_many_connections', message, {
    hint: 'Close some of them, then reload this page.',
  });
}
