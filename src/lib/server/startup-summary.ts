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
