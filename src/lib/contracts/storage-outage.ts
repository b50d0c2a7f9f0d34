/**
 * Why nothing can be stored: no room, a disk that refuses, a file that is no sound database any more, or a database
 * that is being written anew just now.
 */
export type StorageFault = 'full' | 'unwritable' | 'damaged' | 'resting';

/** Why and since when nothing is stored. */
export interface StorageOutage {
  fault: StorageFault;
  /** Milliseconds since 1970. */
  since: number;
}
