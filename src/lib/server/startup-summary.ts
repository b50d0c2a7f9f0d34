import type { SystemService } from './services/services.ts';
import type { Settings } from './settings/settings.ts';

/** What a person wants to know once the app is up; printed by the start script. */
export interface StartupSummary {
  url: string;
  socketUrl: string;
  mode: 'practice' | 'live';
  engine: 'uws' | 'ws';
  /** Why that engine. */
  engineReason: string;
  dataDir: string;
  /** Their published credentials; empty in live mode. */
  practicePeople: {
    name: string;
    employeeId: string;
    role: string;
    jiraToken: string;
    confluenceToken: string;
    llmCookie: string;
  }[];
  /** Sentences about what still has to be set. */
  notConfigured: string[];
}

interface OpenChannel {
  url: string;
  engine: StartupSummary['engine'];
  engineReason: string;
}

/** Where browsers find the channel. */
export function channelUrl(settings: Settings, channel: OpenChannel | null): string {
  if (settings.socketOrigin !== null || channel === null) return settings.socketOrigin ?? settings.origin;
  const url = new URL(settings.origin);
  url.port = new URL(channel.url).port;
  return url.origin;
}

export function summarise(
  settings: Settings,
  system: SystemService,
  channel: OpenChannel | null,
  socketUrl: string,
): StartupSummary {
  const mode = system.mode();
  return {
    url: settings.origin,
    socketUrl,
    mode,
    engine: channel?.engine ?? 'ws',
    engineReason: channel?.engineReason ?? 'this role serves no channel',
    dataDir: settings.dataDir,
    practicePeople: system.practicePeople(),
    notConfigured:
      mode === 'practice'
        ? ['Practice mode: set "mode": "live" and jira.url in config/config.json for your own Jira.']
        : [],
  };
}
