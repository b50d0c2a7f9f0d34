import { openChannelSocket } from '$lib/components/channel-socket';
import type { JobView } from '$lib/contracts/job';

interface LiveJobsDeps {
  channelUrl: string;
  /** The jobs as the page was last loaded. */
  loaded(): JobView[];
  /** Loads the page's jobs and tool lists anew. */
  reload(): void;
}

/** While the channel is down: often enough to seem live, rare enough to cost nothing. */
const LOOK_EVERY_MS = 2_000;

/** The person's jobs as they change: told by the channel, and looked up while there is none. */
export function createLiveJobs({ channelUrl, loaded, reload }: LiveJobsDeps) {
  let connected = $state(false);
  /** What the channel told since it was last joined, by job. */
  let told = $state<Record<string, JobView>>({});
  const jobs = $derived(merged(loaded(), told));
  const unfinished = $derived(jobs.some(({ status }) => status === 'queued' || status === 'running'));

  function follow(): () => void {
    const socket = openChannelSocket(channelUrl);
    socket.on('connect', () => {
      connected = true;
      // What changed while nobody listened is on the page only after a look.
      told = {};
      reload();
    });
    socket.on('disconnect', () => (connected = false));
    socket.on('job:changed', ({ job }) => {
      told[job.id] = job;
      // The tools that it read are on the page too.
      if (job.endedAt !== null) reload();
    });
    socket.connect();
    return () => socket.close();
  }

  function lookWhileAlone(): (() => void) | undefined {
    if (connected || !unfinished) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') reload();
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }

  return {
    get jobs() {
      return jobs;
    },
    /** Both are effects: they return what ends them. */
    follow,
    lookWhileAlone,
  };
}

function merged(loaded: JobView[], told: Record<string, JobView>): JobView[] {
  const known = new Set(loaded.map(({ id }) => id));
  const fresh = Object.values(told).filter(({ id }) => !known.has(id));
  return [...fresh.sort((a, b) => b.createdAt - a.createdAt), ...loaded.map((job) => told[job.id] ?? job)];
}
