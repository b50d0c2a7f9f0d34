import { accessSync, constants, mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Ids } from '../../agent/ports.ts';
import { createIds, systemClock } from '../clock.ts';
import { openDatabase, type AppDatabase } from '../db/connection.ts';
import { refuseDamaged } from '../db/check-database.ts';
import { storageError, storageFaultOf } from '../db/storage-fault.ts';
import { isMigrated, migrateDatabase } from '../db/migrate.ts';
import { AppError } from '../errors/app-error.ts';
import { createLogger, type Logger } from '../observability/logger.ts';
import { createMetrics, type Metrics } from '../observability/metrics.ts';
import { presentDataFiles } from '../operations/data-files.ts';
import { createKeyringRepository } from '../repositories/keyring-repository.ts';
import { createVault, type Vault } from '../security/encryption.ts';
import { openKeyring, type Keyring } from '../security/keyring.ts';
import { createRedactor, type Redactor } from '../security/redaction.ts';
import { withUnmentionableSecrets } from '../security/unmentionable-secrets.ts';
import type { PartHealth } from '../services/services.ts';
import { needsExistingKeys, requireMatchingKeyring } from '../services/keyring-check.ts';
import { createConfigStore, type ConfigStore } from '../settings/config-store.ts';
import type { Environment, Settings } from '../settings/settings.ts';
import { storageHealth, watchStorage } from './storage-watch.ts';

/** What everything else stands on. */
export interface Foundations {
  settings: Settings;
  clock: Clock;
  ids: Ids;
  redactor: Redactor;
  log: Logger;
  metrics: Metrics;
  config: ConfigStore;
  db: AppDatabase;
  keyring: Keyring;
  vault: Vault;
  checks: Record<string, () => PartHealth>;
  /** Runs work each time that the database takes writes again. */
  whenWritableAgain(work: () => unknown): void;
  close(): void;
}

/** What a test may put in the place of the real thing. */
export interface FoundationOverrides {
  clock?: Clock;
  log?: Logger;
  /** For `${NAME}` in configuration files. */
  env?: Environment;
  migrationsFolder?: string;
  /** Told of the database once it is open, so that a test can make it full. */
  onDatabase?: (db: AppDatabase) => void;
}

/** Below it, a write may fail at any moment. */
const leastFreeBytes = 64 * 1024 * 1024;
/** Time to make room is left. */
const littleFreeBytes = 1024 * 1024 * 1024;

/** Opens configuration, database and keys, or throws one AppError that says what is in the way. */
export function layFoundations(settings: Settings, overrides: FoundationOverrides): Foundations {
  const clock = overrides.clock ?? systemClock;
  const redactor = createRedactor();
  const log = overrides.log ?? createLogger({ level: settings.logLevel, redactor });
  const config = createConfigStore({
    dir: settings.configDir,
    clock,
    log,
    env: overrides.env ?? {},
    redactor,
  });
  const followLogLevel = () => {
    const { logLevel } = config.current().config;
    if (!overrides.log) log.level = logLevel ?? settings.logLevel;
  };
  followLogLevel();
  config.onChange(followLogLevel);
  try {
    prepareDataFolder(settings.dataDir);
    const migrationsFolder = overrides.migrationsFolder ?? 'drizzle';
    refuseDamaged(presentDataFiles(settings.dataDir));
    const db = openDatabase(join(settings.dataDir, 'app.db'));
    migrateDatabase(db, migrationsFolder);
    const keyring = openKeys(settings, db, clock);
    const metrics = createMetrics();
    const storage = watchStorage({ storage: db.storage, log, metrics });
    overrides.onDatabase?.(db);
    return {
      settings,
      clock,
      ids: createIds(clock),
      redactor,
      log,
      metrics,
      config,
      db,
      keyring,
      vault: withUnmentionableSecrets(createVault(keyring), redactor),
      checks: {
        database: () => {
          accessSync(settings.dataDir, constants.W_OK);
          return storageHealth(db.storage);
        },
        migrations: () =>
          isMigrated(db, migrationsFolder)
            ? { ok: true, detail: 'up to date' }
            : { ok: false, detail: 'some are missing; start this version anew' },
        configuration: () =>
          config.problems().length === 0
            ? { ok: true, detail: 'in force' }
            : { ok: true, degraded: true, detail: 'the last good version is in force' },
        disk: () => diskSpace(settings.dataDir),
      },
      whenWritableAgain: storage.then,
      close() {
        config.dispose();
        storage.close();
        db.close();
      },
    };
  } catch (error) {
    config.dispose();
    throw startProblem(error);
  }
}

function openKeys(settings: Settings, db: AppDatabase, clock: Clock): Keyring {
  const repository = createKeyringRepository(db);
  const mayCreate = !needsExistingKeys(repository);
  const keyring = openKeyring({ file: settings.keyFile, env: settings.encryptionKeys, mayCreate });
  requireMatchingKeyring({ keyring, repository, clock });
  return keyring;
}

function prepareDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK);
  } catch (cause) {
    throw new AppError('data_folder_unusable', `The data folder ${dataDir} cannot be written.`, {
      cause,
      hint: 'Name another one in DATA_DIR, or give this one to the user that runs Backlogue.',
    });
  }
}

/** What the disk said while the database was opened, as a sentence for whoever starts this. */
function startProblem(error: unknown): unknown {
  const fault = storageFaultOf(error);
  return fault === null ? error : storageError(fault, error);
}

function diskSpace(folder: string): PartHealth {
  const { bavail, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  return {
    ok: freeBytes >= leastFreeBytes,
    degraded: freeBytes < littleFreeBytes,
    detail: `${Math.floor(freeBytes / 1024 / 1024)} MiB free`,
  };
}
