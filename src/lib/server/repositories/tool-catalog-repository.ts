import { and, asc, eq, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import type { Problem } from '../../contracts/problem.ts';
import type { AppDatabase } from '../db/connection.ts';
import { confluenceConfigs, toolCatalog, users } from '../db/schema/index.ts';
import { holdsLease, type JobLease } from './job-lease-repository.ts';
import { inTransaction } from './transaction.ts';

/** A tool as one person's token sees it. */
export interface CatalogTool {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  inputSchema: Record<string, unknown>;
  properties: string[];
  required: string[];
  readOnly: boolean;
  destructive: boolean;
  /** Of everything that decides what a call does; another hash is another tool under the same name. */
  schemaHash: string;
}

/** Schema hashes by tool name, as they were when the person last tested the connection. */
export type TestedSchemas = Record<string, string>;

export interface StoredCatalog {
  serverId: string;
  tools: CatalogTool[];
  capabilities: string[];
  testedSchemas: TestedSchemas;
  /** Null: never yet. */
  fetchedAt: number | null;
  ttlMs: number;
  /** Of the last refresh; null when it went well. */
  problem: Problem | null;
}

export interface FetchedList {
  tools: CatalogTool[];
  capabilities: string[];
  ttlMs: number;
  at: number;
}

type Place = { userId: string; serverId: string };

export type ToolCatalogRepository = ReturnType<typeof createToolCatalogRepository>;

/** Cached tool lists, one a person and server. A job writes only while it holds its lease. */
export function createToolCatalogRepository(db: AppDatabase) {
  const { orm } = db;
  const listOf = orm
    .select()
    .from(toolCatalog)
    .where(eq(toolCatalog.userId, sql.placeholder('userId')))
    .prepare();

  return {
    async listOf(userId: string): Promise<StoredCatalog[]> {
      return listOf.all({ userId }).map(toCatalog);
    },

    /**
     * Replaces the list, and with it whatever went wrong before. `testedSchemas` says from the stored hashes which ones
     * count from now on; it must not await. False when the lease was lost: nothing was written.
     */
    async keepList(
      lease: JobLease,
      { userId, serverId }: Place,
      list: FetchedList,
      testedSchemas: (before: TestedSchemas) => TestedSchemas,
    ): Promise<boolean> {
      return inTransaction(db, (tx) => {
        if (!holdsLease(tx, lease)) return false;
        const before = tx.select().from(toolCatalog).where(isAt({ userId, serverId })).get();
        const columns = {
          tools: JSON.stringify(list.tools),
          capabilities: JSON.stringify(list.capabilities),
          testedSchemas: JSON.stringify(testedSchemas(before ? toCatalog(before).testedSchemas : {})),
          fetchedAt: list.at,
          ttlMs: list.ttlMs,
          refreshedAt: list.at,
          problem: null,
        };
        tx.insert(toolCatalog)
          .values({ userId, serverId, ...columns })
          .onConflictDoUpdate({ target: [toolCatalog.userId, toolCatalog.serverId], set: columns })
          .run();
        return true;
      });
    },

    /** Notes why a refresh failed and leaves the last good list as it is. False when the lease was lost. */
    async keepProblem(
      lease: JobLease,
      { userId, serverId }: Place,
      problem: Problem,
      at: number,
    ): Promise<boolean> {
      const noted = { problem: JSON.stringify(problem), refreshedAt: at };
      return inTransaction(db, (tx) => {
        if (!holdsLease(tx, lease)) return false;
        tx.insert(toolCatalog)
          .values({ userId, serverId, tools: '[]', capabilities: '[]', fetchedAt: 0, ttlMs: 0, ...noted })
          .onConflictDoUpdate({ target: [toolCatalog.userId, toolCatalog.serverId], set: noted })
          .run();
        return true;
      });
    },

    async forget(userId: string, serverIds: readonly string[]): Promise<void> {
      const ofServers = and(eq(toolCatalog.userId, userId), inArray(toolCatalog.serverId, [...serverIds]));
      orm.delete(toolCatalog).where(ofServers).run();
    },

    /**
     * People with a passed test of that product who were seen lately, and whose list of that server is due: never read,
     * read about an interval ago, or, since clocks go back, in the future; oldest first. Each person has a share of the
     * interval of their own, so that people who began together do not stay together. Disabled people are none.
     */
    async dueForRefresh(
      server: { serverId: string; product: 'jira' | 'confluence' },
      times: { now: number; intervalMs: number; seenSince: number },
      limit: number,
    ): Promise<string[]> {
      const { refreshedAt } = toolCatalog;
      const readAgainAt = sql`${refreshedAt} + ${times.intervalMs} * ${intervalPercent} / 100`;
      const isDue = or(isNull(refreshedAt), lte(readAgainAt, times.now), gt(refreshedAt, times.now));
      const isSeen = sql`coalesce(${users.lastSeenAt}, ${users.createdAt}) >= ${times.seenSince}`;
      const listed = and(eq(toolCatalog.userId, users.id), eq(toolCatalog.serverId, server.serverId));
      const people = orm
        .select({ id: users.id })
        .from(users)
        .leftJoin(confluenceConfigs, eq(confluenceConfigs.userId, users.id))
        .leftJoin(toolCatalog, listed)
        .where(and(isNull(users.disabledAt), isSeen, passedTest[server.product], isDue));
      return people
        .orderBy(asc(refreshedAt))
        .limit(limit)
        .all()
        .map(({ id }) => id);
    },
  };
}

/** 80 to 100, the same for a person every time: from the last letters of their id, which are random. */
const intervalPercent = sql`(80 + (unicode(substr(${users.id}, -1)) * 31 + unicode(substr(${users.id}, -2, 1)) * 7) % 21)`;

/** Saved after it was tested is not tested. The job itself asks again, with the address that counts by then. */
const passedTest = {
  jira: passed(users.jiraTest, users.jiraChangedAt),
  confluence: passed(confluenceConfigs.test, confluenceConfigs.changedAt),
};

function passed(
  test: typeof users.jiraTest | typeof confluenceConfigs.test,
  changedAt: typeof users.jiraChangedAt | typeof confluenceConfigs.changedAt,
) {
  return sql`json_extract(${test}, '$.ok') = 1 and json_extract(${test}, '$.testedAt') >= ${changedAt}`;
}

function isAt({ userId, serverId }: Place) {
  return and(eq(toolCatalog.userId, userId), eq(toolCatalog.serverId, serverId));
}

function toCatalog(row: typeof toolCatalog.$inferSelect): StoredCatalog {
  return {
    serverId: row.serverId,
    tools: JSON.parse(row.tools) as CatalogTool[],
    capabilities: JSON.parse(row.capabilities) as string[],
    testedSchemas: JSON.parse(row.testedSchemas) as TestedSchemas,
    fetchedAt: row.fetchedAt === 0 ? null : row.fetchedAt,
    ttlMs: row.ttlMs,
    problem: row.problem === null ? null : (JSON.parse(row.problem) as Problem),
  };
}
